package org.smsjmx.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import javax.management.remote.JMXServiceURL;

/** The example application, as those who use it and those who administer it meet it. */
interface Shop extends AutoCloseable {

  /** The password of everybody. */
  String PASSWORD = "demo";

  /** Returns a user who has not signed in. */
  ShopUser user(String name);

  /** Returns the address of the JDK's agent. */
  JMXServiceURL jmx() throws IOException;

  /** Returns what it is made of, with versions. */
  List<String> versions() throws IOException;

  /** Begins a sign-in that is past the password; what it returns does the rest. */
  Supplier<ShopUser> beginSignIn(String name) throws InterruptedException;

  /** Lets a user be an administrator from now on, as those who sign in can see. */
  void appoint(String name) throws IOException, InterruptedException;

  @Override
  void close();
}
