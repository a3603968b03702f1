package org.smsjmx.bench;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Requests of random sessions, by Tomcat alone and with the adapter. The ids are made anew before
 * each batch, as they come with requests.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RequestBenchmark {

  private static final int BATCH = 100;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private static @Nullable TomcatApplication application;

  private final SplittableRandom random = new SplittableRandom();
  private final String[] ids = new String[BATCH];

  /** Which of both. */
  enum Kind {
    BARE,
    ADAPTED
  }

  /**
   * What was measured.
   *
   * @param nanos of a request, the median of all batches
   * @param bytes that a request allocates, with those of its id
   */
  record Measured(double nanos, double bytes) {}

  /** Runs one in this JVM, which is a fork of its own already and holds the application. */
  static Measured run(Kind kind, TomcatApplication of, double seconds) throws RunnerException {
    application = of;
    TimeValue part = TimeValue.milliseconds((long) (seconds * 200));
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(RequestBenchmark.class.getName() + "." + kind.name().toLowerCase())
                    .forks(0)
                    .warmupIterations(2)
                    .warmupTime(part)
                    .measurementIterations(5)
                    .measurementTime(part)
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    return new Measured(
        result.getPrimaryResult().getStatistics().getPercentile(50),
        result.getSecondaryResults().get(ALLOCATED).getScore());
  }

  /** Draws the sessions of the next batch. */
  @Setup(Level.Invocation)
  public void draw() {
    TomcatApplication all = application();
    for (int i = 0; i < BATCH; i++) {
      ids[i] = all.id(random.nextInt(all.sessions()));
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int bare() {
    TomcatApplication all = application();
    int served = 0;
    for (String id : ids) {
      served += all.bareRequest(id) ? 1 : 0;
    }
    return all(served);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int adapted() throws IOException, ServletException {
    TomcatApplication all = application();
    int served = 0;
    for (String id : ids) {
      served += all.adaptedRequest(id) ? 1 : 0;
    }
    return all(served);
  }

  private static int all(int served) {
    if (served < BATCH) {
      throw new IllegalStateException("sessions were missing");
    }
    return served;
  }

  private static TomcatApplication application() {
    TomcatApplication known = application;
    if (known == null) {
      throw new IllegalStateException("run() was not called");
    }
    return known;
  }
}
