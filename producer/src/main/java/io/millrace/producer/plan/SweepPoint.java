package io.millrace.producer.plan;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One combination that a sweep tries on every task. What it sets goes before what the task and the run say.
 *
 * <p>Immutable.
 *
 * @param id {@code p0}, {@code p1} ... in the sweep's order
 * @param label for people
 * @param params what it sets, field to JSON value
 * @param patch the same, read
 * @param system the system message; empty text takes a task's own away
 * @param template makes the last message of the user
 * @param model whose workers run it
 */
public record SweepPoint(
        String id,
        String label,
        SortedMap<String, String> params,
        ParamPatch patch,
        Optional<String> system,
        Optional<PromptTemplate> template,
        Optional<String> model) {

    public SweepPoint {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(patch, "patch");
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(model, "model");
        params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    }

    /** The same with another name for its model, if it names one. */
    SweepPoint withModel(UnaryOperator<String> name) {
        return new SweepPoint(id, label, params, patch, system, template, model.map(name));
    }

    /** The parameters of a task's job here. */
    SamplingParams params(Task task, SamplingParams defaults) {
        return patch.applyTo(task.params().applyTo(defaults));
    }

    /** The task's chat as this point has it, but for the run's system message. */
    List<Message> messages(Task task, TaskFields fields) {
        List<Message> chat = new ArrayList<>(task.messages());
        if (template.isPresent()) {
            int last = lastOfUser(task);
            String prompt = chat.get(last).content();
            chat.set(
                    last,
                    new Message(
                            Message.USER,
                            template.get()
                                    .fill(name -> name.equals(PromptTemplate.PROMPT)
                                            ? prompt
                                            : required(task, fields, name))));
        }
        if (system.isPresent()) {
            chat.removeIf(message -> message.role().equals(Message.SYSTEM));
            if (!system.get().isEmpty()) {
                chat.add(0, new Message(Message.SYSTEM, system.get()));
            }
        }
        return chat;
    }

    /** The task's last message of the user. */
    static String prompt(Task task) {
        return task.messages().get(lastOfUser(task)).content();
    }

    private static int lastOfUser(Task task) {
        for (int i = task.messages().size() - 1; i >= 0; i--) {
            if (task.messages().get(i).role().equals(Message.USER)) {
                return i;
            }
        }
        throw new InvalidFieldException(
                "messages", "task '" + task.customId() + "'", "must hold a message of the user for a template");
    }

    private static String required(Task task, TaskFields fields, String name) {
        return fields.text(task.metadata(), name)
                .orElseThrow(() -> new InvalidFieldException(
                        name, "nothing in task '" + task.customId() + "'", "must be there, since the template has it"));
    }

    /** One text for equal jobs, another for different ones. */
    String canonical() {
        StringBuilder text = new StringBuilder(id);
        params.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        system.ifPresent(value -> text.append(" system=").append(quoted(value)));
        template.ifPresent(value -> text.append(" template=").append(quoted(value.text())));
        model.ifPresent(value -> text.append(" model=").append(quoted(value)));
        return text.toString();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
    }
}
