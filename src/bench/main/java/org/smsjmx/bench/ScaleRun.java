package org.smsjmx.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Measures a small and a large table of ours in turns, in one JVM: a machine that changes its speed
 * is then as fast for both.
 */
final class ScaleRun {

  private static final int TURNS = 5;

  /** Tells how long the operation takes on a table, each time anew. Nanoseconds. */
  private final Callable<Double> onSmall;

  private final Callable<Double> onLarge;
  private final double[] few = new double[TURNS];
  private final double[] many = new double[TURNS];
  private final Measure operation;

  private ScaleRun(Measure operation, PeerRun small, PeerRun large) {
    this.operation = operation;
    this.onSmall = small.timesOf(operation);
    this.onLarge = large.timesOf(operation);
  }

  /**
   * Runs.
   *
   * @param args few sessions; many sessions; seconds for each measure; file for the figures
   */
  public static void main(String[] args) throws Exception {
    double seconds = Double.parseDouble(args[2]) / 2;
    PeerRun small =
        PeerRun.filled(Peers.OURS, new Population(Integer.parseInt(args[0]), true), seconds);
    PeerRun large =
        PeerRun.filled(Peers.OURS, new Population(Integer.parseInt(args[1]), true), seconds);
    List<ScaleRun> runs = new ArrayList<>();
    for (Measure operation : Measure.IN_TURNS) {
      runs.add(new ScaleRun(operation, small, large));
    }
    for (int turn = 0; turn < TURNS; turn++) {
      for (ScaleRun run : runs) {
        run.few[turn] = run.onSmall.call();
        run.many[turn] = run.onLarge.call();
      }
    }
    Files.write(Path.of(args[3]), runs.stream().map(ScaleRun::line).toList());
  }

  private String line() {
    return operation.name() + " " + Scale.of(few, many).line();
  }
}
