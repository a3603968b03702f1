package org.example.shop;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;

/** A WebSocket that tells its user who he is. */
@ServerEndpoint("/socket")
public final class Socket {

  @OnMessage
  public String answer(String message, Session session) {
    return "you are " + session.getUserPrincipal().getName();
  }
}
