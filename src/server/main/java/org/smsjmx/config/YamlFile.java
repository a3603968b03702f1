package org.smsjmx.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.smsjmx.files.Unreadable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Parses a YAML file. Nodes keep their lines, which error messages name. */
final class YamlFile {

  /** Thousands of servers fit; the YAML parser's time grows with the square of a line's length. */
  private static final int MAXIMUM_BYTES = 1 << 18;

  private YamlFile() {}

  /**
   * Returns the document's root, empty if the file holds nothing.
   *
   * @throws ConfigException if the file cannot be read or is not YAML
   */
  static Optional<Node> root(Path file) throws ConfigException {
    LoadSettings settings = LoadSettings.builder().setMaxAliasesForCollections(0).build();
    try {
      return new Compose(settings).composeString(text(file));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new ConfigException("%s:%d: %s".formatted(file, line, e.getProblem()));
    } catch (YamlEngineException | StackOverflowError e) {
      throw new ConfigException("%s: is not YAML: %s".formatted(file, oneLine(e.getMessage())));
    } catch (CharacterCodingException e) {
      throw new ConfigException("%s: is not UTF-8".formatted(file));
    } catch (IOException e) {
      throw new ConfigException(Unreadable.reason(file));
    }
  }

  private static String text(Path file) throws IOException, ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAXIMUM_BYTES + 1);
      if (bytes.length > MAXIMUM_BYTES) {
        throw new ConfigException("%s: is larger than %d bytes".formatted(file, MAXIMUM_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "nested too deeply" : message.lines().findFirst().orElse("");
  }
}
