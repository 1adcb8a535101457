package org.astropool.internal.transport.process;

import java.util.List;
import org.astropool.internal.transport.CommunicationThread;

/** A parent that can be killed: starts two children, has the first loop, prints their process ids and waits. */
final class IntermediateParent {

    private IntermediateParent() {}

    public static void main(String[] args) throws Exception {
        CommunicationThread thread = new CommunicationThread("parent", false);
        thread.start();
        ProcessCarrier carrier = ProcessCarrier.start(
                new ChildProcesses(
                        2, ChildJvm.likeThis(64 << 20, 1).command(SupervisedChild.class.getName(), List.of())),
                thread);
        ParentChannel channel = new ParentChannel(carrier);
        for (int peer = 1; peer <= 2; peer++) {
            channel.order(peer, SupervisedChild.Order.ECHO, "ready");
            channel.next(ParentChannel.Frame.class);
        }
        channel.order(1, SupervisedChild.Order.LOOP, "");
        System.out.println(carrier.pidOf(1).getAsLong() + " " + carrier.pidOf(2).getAsLong());
        System.out.flush();
        System.in.read();
        System.exit(0); // without close()
    }
}
