package org.astropool.internal.transport.hazelcast;

import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import java.net.InetAddress;

/**
 * Hazelcast's own settings: with as few features as possible, and none that listens, discovers peers or sends usage
 * data.
 */
final class HazelcastSettings {
    /** A name that no class has: a filter without entries would admit all. */
    private static final String NO_CLASS = "org.astropool.NoClass";

    /** No client connects from it, so no client may use management operations. */
    private static final String NO_ADDRESS = "0.0.0.0";

    private static final String LOGGING = "hazelcast.logging.type";
    private static final String SLF4J = "slf4j";

    private static final String HEARTBEAT_MILLIS = "2500";
    private static final String SILENCE_MILLIS = "10000";

    static {
        // some of its classes log before they know any configuration
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, SLF4J);
        }
    }

    private HazelcastSettings() {}

    /** A cluster of one member that listens at one address. */
    static Config master(InetAddress address, int port, Secret secret) {
        Config config = new Config();
        config.setClusterName(secret.clusterName());
        config.setClassLoader(new HazelcastClassLoader());
        config.getManagementCenterConfig()
                .addTrustedInterface(NO_ADDRESS)
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false)
                .setScriptingEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(port).setPortAutoIncrement(false).setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(address.getHostAddress());
        network.getMemcacheProtocolConfig().setEnabled(false);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(false);
        config.getRestConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(noClasses());
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty(LOGGING, SLF4J);
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.client.max.no.heartbeat.seconds", "10");
        // nothing is stored, so one partition and few threads do
        config.setProperty("hazelcast.partition.count", "1");
        config.setProperty("hazelcast.operation.thread.count", "1");
        config.setProperty("hazelcast.operation.generic.thread.count", "2");
        config.setProperty("hazelcast.event.thread.count", "2");
        config.setProperty("hazelcast.io.thread.count", "1");
        return config;
    }

    /** A client that ends when its connection does. */
    static ClientConfig worker(InetAddress address, int port, long patienceMillis, WorkerExtension.Identity identity) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(identity.secret().clusterName());
        config.setClassLoader(new HazelcastClassLoader());
        config.getUserContext().put(WorkerExtension.Identity.KEY, identity);
        config.getMetricsConfig().setEnabled(false);
        config.getNetworkConfig().addAddress(new Endpoint(address.getHostAddress(), port).toString());
        config.getNetworkConfig().getClusterRoutingConfig().setRoutingMode(RoutingMode.SINGLE_MEMBER);
        config.getConnectionStrategyConfig().setReconnectMode(ReconnectMode.OFF);
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setInitialBackoffMillis(200)
                .setMaxBackoffMillis(2_000)
                .setClusterConnectTimeoutMillis(patienceMillis);
        config.getSerializationConfig().setJavaSerializationFilterConfig(noClasses());
        config.setProperty(LOGGING, SLF4J);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.client.statistics.enabled", "false");
        config.setProperty("hazelcast.client.shuffle.member.list", "false");
        config.setProperty("hazelcast.client.event.thread.count", "1");
        config.setProperty("hazelcast.client.heartbeat.interval", HEARTBEAT_MILLIS);
        config.setProperty("hazelcast.client.heartbeat.timeout", SILENCE_MILLIS);
        return config;
    }

    private static JavaSerializationFilterConfig noClasses() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.setDefaultsDisabled(true);
        filter.getWhitelist().addClasses(NO_CLASS);
        return filter;
    }
}
