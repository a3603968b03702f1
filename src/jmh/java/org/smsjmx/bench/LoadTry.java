package org.smsjmx.bench;

import java.nio.file.Path;

/** temporary: for the profile */
final class LoadTry {
  public static void main(String[] args) throws Exception {
    Path data = java.nio.file.Files.createTempDirectory("bd");
    String bean = "sms:type=Server,name=default-webseald-cruz";
    try (ServerProcess ours = ServerProcess.shipped(Path.of(args[0]), data, "--sessions=1000");
        ServerProcess stock = ServerProcess.stock()) {
      System.out.println("pids ours " + ours.pid() + " stock " + stock.pid());
      for (int n : new int[] {1, 32}) {
        try (Clients a = new Clients(n, () -> new HttpConnection(stock.http(), i -> HttpConnection.exec(StockServer.MBEAN, "nothing", "nobody", "ibm.com")));
            Clients b = new Clients(n, () -> new HttpConnection(ours.http(), i -> HttpConnection.exec(bean, "terminateAllSessions", "nobody", "ibm.com")));
            Clients c = new Clients(n, () -> new RmiConnection(stock.jmx(), StockServer.MBEAN, "nothing", i -> "nobody", "ibm.com"));
            Clients d = new Clients(n, () -> new RmiConnection(ours.jmx(), bean, "terminateAllSessions", i -> "nobody", "ibm.com"))) {
          for (int r = 0; r < Integer.parseInt(args[1]); r++) {
            for (Clients x : java.util.List.of(a, b, c, d)) {
              Clients.Seen s = x.closedLoop(Double.parseDouble(args[2]), Long.MAX_VALUE);
              System.out.printf("%d: %.0f/s p50 %.1f p99 %.1f | ", n, s.callsPerSecond(), s.micros(50), s.micros(99));
            }
            System.out.println();
          }
        }
      }
    }
    ServerProcess.delete(data);
  }
}
