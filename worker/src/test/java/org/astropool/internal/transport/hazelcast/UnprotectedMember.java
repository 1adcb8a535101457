package org.astropool.internal.transport.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.util.concurrent.TimeUnit;

/**
 * A member of Hazelcast as its defaults make it: what an {@link Attacker} must succeed against, or its attacks would
 * prove nothing. Prints its port, publishes to the lobby, and ends with its standard input or when it is shut down.
 */
@SuppressWarnings("removal") // the REST interface is there as long as Hazelcast has it
public final class UnprotectedMember {
    private UnprotectedMember() {}

    /** The argument is the name of the cluster. */
    public static void main(String[] arguments) throws Exception {
        Config config = new Config();
        config.setClusterName(arguments[0]);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.partition.count", "1");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true);
        config.getNetworkConfig()
                .getRestApiConfig()
                .setEnabled(true)
                .enableGroups(com.hazelcast.config.RestEndpointGroup.HEALTH_CHECK);
        config.getNetworkConfig().getMemcacheProtocolConfig().setEnabled(true);
        HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
        System.out.println("port "
                + member.getCluster().getLocalMember().getSocketAddress().getPort());
        while (member.getLifecycleService().isRunning() && System.in.available() == 0) {
            member.getTopic(HazelcastMaster.LOBBY).publish(new byte[] {1});
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Runtime.getRuntime().halt(0);
    }
}
