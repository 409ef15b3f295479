package io.millrace.worker.llama;

import io.millrace.job.Message;
import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_chat_message;
import io.millrace.worker.chat.Segment;
import io.millrace.worker.decode.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;

/**
 * A model's own chat template, where it is one that llama.cpp has built in. llama.cpp renders the roles with a mark in
 * place of each content, so no content can reach the template; what it writes around the marks is cut at the names of
 * special tokens, which become markers, and the contents are put in as text.
 *
 * <p>Some templates part turns by text alone, such as {@code [/INST]}, which a content could spell. Such a content is
 * refused.
 *
 * <p>Immutable.
 */
final class GgufTemplate {
    static final String NAME = "gguf";

    private static final Pattern MARK = Pattern.compile("\uE000([0-9]+)\uE001");

    private final byte[] template;
    private final Pattern specials;
    private final Optional<String> begin;

    private GgufTemplate(byte[] template, Pattern specials, Optional<String> begin) {
        this.template = template;
        this.specials = specials;
        this.begin = begin;
    }

    /**
     * The template, unless llama.cpp does not know it.
     *
     * @param template Jinja text as the GGUF has it, or the name of a built-in one
     * @param specials names of tokens that are no text
     * @param begin the token that stands before every prompt, if the model wants one
     */
    static Optional<GgufTemplate> of(String template, List<String> specials, Optional<String> begin) {
        String names = specials.stream()
                .filter(name -> !name.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        GgufTemplate made = new GgufTemplate(ended(template), Pattern.compile(names.isEmpty() ? "(?!)" : names), begin);
        return made.apply(List.of(new Message(Message.USER, "x"))) == null ? Optional.empty() : Optional.of(made);
    }

    /** The prompt that asks for the next turn of the assistant, which begins with {@code prefill}. */
    List<Segment> render(List<Message> messages, String prefill) {
        List<Message> marked = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            marked.add(new Message(messages.get(i).role(), "\uE000" + i + "\uE001"));
        }
        String text = apply(marked);
        if (text == null) {
            throw new EngineException("the model's own chat template does not take these roles: "
                    + messages.stream().map(Message::role).collect(Collectors.joining(", ")));
        }
        Rendering rendering = new Rendering(messages, prefill);
        Matcher mark = MARK.matcher(text);
        int from = 0;
        while (mark.find()) {
            rendering.literal(text.substring(from, mark.start()));
            rendering.content(Integer.parseInt(mark.group(1)));
            from = mark.end();
        }
        rendering.literal(text.substring(from));
        return rendering.end();
    }

    /** What llama.cpp makes of the messages, or null where it knows no such template. */
    private String apply(List<Message> messages) {
        List<BytePointer> texts = new ArrayList<>();
        try (BytePointer name = new BytePointer(template);
                llama_chat_message chat = new llama_chat_message(messages.size())) {
            int most = 1024;
            for (int i = 0; i < messages.size(); i++) {
                BytePointer role = new BytePointer(ended(messages.get(i).role()));
                BytePointer content = new BytePointer(ended(messages.get(i).content()));
                texts.add(role);
                texts.add(content);
                chat.position(i).role(role).content(content);
                most += 256;
            }
            chat.position(0);
            byte[] buffer = new byte[most];
            int length = Llama.llama_chat_apply_template(name, chat, messages.size(), true, buffer, buffer.length);
            if (length > buffer.length) {
                buffer = new byte[length];
                length = Llama.llama_chat_apply_template(name, chat, messages.size(), true, buffer, buffer.length);
            }
            return length < 0 ? null : new String(buffer, 0, length, StandardCharsets.UTF_8);
        } finally {
            texts.forEach(BytePointer::close);
        }
    }

    private static byte[] ended(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** The segments while they come together. */
    private final class Rendering {
        private final List<Message> messages;
        private final String prefill;
        private final List<Segment> segments = new ArrayList<>();
        private final StringBuilder run = new StringBuilder();
        private boolean repeats = true;
        private int contents;

        Rendering(List<Message> messages, String prefill) {
            this.messages = messages;
            this.prefill = prefill;
        }

        void literal(String text) {
            Matcher special = specials.matcher(text);
            int from = 0;
            while (special.find()) {
                run.append(text, from, special.start());
                flush();
                segments.add(new Segment.Marker(special.group()));
                from = special.end();
            }
            run.append(text, from, text.length());
            if (from == 0 && contents > 0) {
                refuseSpelling(text.strip());
            }
        }

        private void refuseSpelling(String textMarker) {
            for (Message message : messages) {
                refuseSpelling(textMarker, message.content());
            }
            refuseSpelling(textMarker, prefill);
        }

        private void refuseSpelling(String textMarker, String content) {
            if (!textMarker.isEmpty() && content.contains(textMarker)) {
                throw new EngineException("a message spells " + textMarker + ", by which the model's own chat template"
                        + " parts turns and which is plain text in its vocabulary: it could pass for another turn");
            }
        }

        void content(int index) {
            if (index != contents) {
                throw new EngineException("the model's own chat template changes the order of messages");
            }
            contents++;
            run.append(messages.get(index).content());
            repeats &= index != messages.size() - 1;
        }

        List<Segment> end() {
            if (contents != messages.size()) {
                throw new EngineException("the model's own chat template has no place for a message of "
                        + messages.get(contents).role());
            }
            run.append(prefill);
            flush();
            if (begin.isPresent()
                    && !(segments.get(0) instanceof Segment.Marker first
                            && first.text().equals(begin.get()))) {
                segments.add(0, new Segment.Marker(begin.get()));
            }
            return segments;
        }

        private void flush() {
            if (run.length() > 0) {
                segments.add(new Segment.Run(run.toString(), repeats));
                run.setLength(0);
                repeats = true;
            }
        }
    }
}
