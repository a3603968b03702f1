package org.smsjmx.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an application may set whose sessions are in a store of Spring Session.
 *
 * @param clockSkew by how much the clocks of two nodes may differ, at most a minute; a sign-in at
 *     one that an operation at another may have overtaken is refused
 */
@ConfigurationProperties("sms.session")
record SpringSessionProperties(@DefaultValue("1s") Duration clockSkew) {}
