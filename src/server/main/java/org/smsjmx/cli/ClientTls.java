package org.smsjmx.cli;

import com.unboundid.util.ssl.AggregateTrustManager;
import com.unboundid.util.ssl.HostNameTrustManager;
import com.unboundid.util.ssl.PEMFileKeyManager;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.File;
import java.rmi.server.RMIClientSocketFactory;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * How to connect by TLS.
 *
 * @param trust PEM file with the server's certificate, or those of who vouches for it
 * @param certificate PEM file with one's own certificate, null if the server wants none
 * @param key PEM file with its key, null if there is none
 */
record ClientTls(String trust, @Nullable String certificate, @Nullable String key) {

  /**
   * Returns what makes connections.
   *
   * @param host whose name the server's certificate must hold
   * @throws Failure if a file cannot be used
   */
  RMIClientSocketFactory sockets(String host) throws Failure {
    try {
      KeyManager own =
          certificate == null || key == null
              ? null
              : new PEMFileKeyManager(new File(certificate), new File(key));
      TrustManager trusted =
          new AggregateTrustManager(
              true, new PEMFileTrustManager(new File(trust)), new HostNameTrustManager(true, host));
      // the server's stub brings a factory of this class, which takes the default context
      SSLContext.setDefault(new SSLUtil(own, trusted).createSSLContext());
      return new SslRMIClientSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new Failure(Connection.reason(e));
    }
  }
}
