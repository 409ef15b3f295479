package io.millrace.producer.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.view.GroupMember;
import io.millrace.wire.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/**
 * Who is in the groups of models' workers.
 *
 * <p>Confined to one thread.
 */
public final class WorkerGroups implements AutoCloseable {
    private final BrokerCalls calls;
    private final Topics topics;
    private final Admin admin;

    public WorkerGroups(KafkaClients clients, Topics topics, Duration patience) {
        this.calls = new BrokerCalls(clients.settings(), patience);
        this.topics = topics;
        this.admin = clients.admin("millrace-watch");
    }

    /** Asks the brokers. */
    public List<GroupMember> members(Collection<String> models) {
        List<GroupMember> members = new ArrayList<>();
        for (String model : models) {
            for (GroupLag.Member member :
                    GroupLag.describe(calls, admin, topics.group(model)).members()) {
                members.add(new GroupMember(model, member.instance(), member.partitions()));
            }
        }
        return members;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
