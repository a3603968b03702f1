package org.example.shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** A web application with users. */
@SpringBootApplication
@EnableScheduling
public class Shop {

  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }
}
