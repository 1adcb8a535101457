package org.astropool.transport.hazelcast;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.astropool.transport.CarrierException;

/**
 * Where a master listens.
 *
 * @param host name or address; an address of version 6 without brackets
 * @param port 0 to 65535; 0 for any free one
 */
public record Endpoint(String host, int port) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<six>[^\\]]+)\\]|(?<host>[^:\\s]+))(?::(?<port>[^:]*))?");

    /**
     * Reads HOST:PORT, HOST, or [ADDRESS]:PORT for version 6.
     *
     * @param defaultPort where there is none
     * @throws CarrierException when it is none of these
     */
    public static Endpoint parse(String text, int defaultPort) throws CarrierException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new CarrierException(
                    "\"" + text + "\" is no address: HOST:PORT, for instance 10.0.0.5:5701 or [fe80::1]:5701");
        }
        String host = matcher.group("six") == null ? matcher.group("host") : matcher.group("six");
        String port = matcher.group("port");
        return new Endpoint(host, port == null ? defaultPort : port(text, port));
    }

    private static int port(String text, String port) throws CarrierException {
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= MAX_PORT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CarrierException("\"" + port + "\" in \"" + text + "\" is no port: 0 to " + MAX_PORT);
    }

    /** @throws CarrierException when no such host is known */
    InetAddress address() throws CarrierException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CarrierException("no host " + host + " is known here; give its address instead", e);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
