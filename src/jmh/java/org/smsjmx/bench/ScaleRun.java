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

  private ScaleRun() {}

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
    List<String> lines = new ArrayList<>();
    for (Measure operation : Measure.IN_TURNS) {
      Callable<Double> timeOfSmall = small.timesOf(operation);
      Callable<Double> timeOfLarge = large.timesOf(operation);
      double[] few = new double[TURNS];
      double[] many = new double[TURNS];
      for (int turn = 0; turn < TURNS; turn++) {
        few[turn] = timeOfSmall.call();
        many[turn] = timeOfLarge.call();
      }
      lines.add(operation.name() + " " + Scale.of(few, many).line());
    }
    Files.write(Path.of(args[3]), lines);
  }
}
