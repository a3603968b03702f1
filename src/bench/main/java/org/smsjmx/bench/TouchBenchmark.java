package org.smsjmx.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Touches of random sessions. The ids are made anew before each batch, as they come with requests:
 * then neither the id nor its hash is in the table's favour or against it.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class TouchBenchmark {

  private static final int BATCH = 1000;

  private static @Nullable Predicate<Object> touch;
  private static @Nullable Population population;

  private final SplittableRandom random = new SplittableRandom();
  private final Object[] ids = new Object[BATCH];

  /**
   * Runs it in this JVM, which is a fork of its own already and holds the filled peer.
   *
   * @param touching touches what has an id; returns whether it is alive
   * @return nanoseconds a touch, the median of all batches
   */
  static double run(Predicate<Object> touching, Population with, int threads, double seconds)
      throws RunnerException {
    touch = touching;
    population = with;
    TimeValue second = TimeValue.milliseconds((long) (seconds * 200));
    return new Runner(
            new OptionsBuilder()
                .include(TouchBenchmark.class.getName())
                .forks(0)
                .threads(threads)
                .warmupIterations(4)
                .warmupTime(second)
                .measurementIterations(5)
                .measurementTime(second)
                .verbosity(VerboseMode.SILENT)
                .build())
        .runSingle()
        .getPrimaryResult()
        .getStatistics()
        .getPercentile(50);
  }

  /** Draws the sessions of the next batch. */
  @Setup(Level.Invocation)
  public void draw() {
    Population all = population;
    if (all == null) {
      throw new IllegalStateException("run() was not called");
    }
    for (int i = 0; i < BATCH; i++) {
      ids[i] = all.id(random.nextInt(all.sessions()));
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int touch() {
    Predicate<Object> touching = touch;
    int alive = 0;
    for (Object id : ids) {
      alive += touching != null && touching.test(id) ? 1 : 0;
    }
    if (alive < BATCH) {
      throw new IllegalStateException("touched dead sessions");
    }
    return alive;
  }
}
