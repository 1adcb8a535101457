package org.astropool.internal.transport.hazelcast;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.astropool.internal.transport.CarrierException;

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

    /**
     * Reads what a worker is told: HOST:PORT, or [ADDRESS]:PORT for version 6.
     *
     * @throws CarrierException when it is none of these, or cannot be the address of one master
     */
    public static Endpoint ofMaster(String text) throws CarrierException {
        Endpoint master = parse(text, 0);
        if (master.port == 0) {
            throw new CarrierException(
                    "\"" + text + "\" names no port: HOST:PORT, for instance 10.0.0.5:5701, is in the"
                            + " second line of the run, behind \"others can join\"");
        }
        if (master.host.matches("[0.]+|[0:]+")) { // the name of a host is looked up when it is needed
            throw new CarrierException(
                    "\"" + text + "\" is not the address of a machine; use the one in the second line of"
                            + " the run, behind \"others can join\"");
        }
        return master;
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
        throw new CarrierException("\"" + port + "\" in \"" + text + "\" is not a port: 0 to " + MAX_PORT);
    }

    /** @throws CarrierException when no such host is known */
    InetAddress address() throws CarrierException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CarrierException("no host " + host + " is known here; give its address instead", e);
        }
    }

    /**
     * The address to listen at.
     *
     * @throws CarrierException when it is not one address of this machine
     */
    InetAddress ownAddress() throws CarrierException {
        InetAddress address = address();
        if (address.isAnyLocalAddress()) {
            throw new CarrierException(
                    host + " stands for all addresses of this machine, but a run listens at one, which its"
                            + " workers are told; name one that they can reach: " + addressesHere());
        }
        if (!address.isLoopbackAddress() && !isOfThisMachine(address)) {
            throw new CarrierException("Hazelcast cannot listen at " + this
                    + ": that is no address of this machine; it has " + addressesHere() + " (ip addr)");
        }
        return address;
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // the attempt to listen there will show
        }
    }

    /** Those that other machines can use come first. */
    private static String addressesHere() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .sorted(Comparator.comparing(InetAddress::isLoopbackAddress))
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", "));
        } catch (SocketException e) {
            return "those that ip addr shows";
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
