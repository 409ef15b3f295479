package io.millrace.cli.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/**
 * The whole of a terminal, drawn again and again; when it is closed, what was there before is back.
 *
 * <p>Confined to one thread.
 */
public final class Screen implements AutoCloseable {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final Terminal terminal;
    private final Attributes before;
    private final boolean coloured;

    private Screen(Terminal terminal, boolean coloured) {
        this.terminal = terminal;
        this.coloured = coloured;
        this.before = terminal.enterRawMode();
        terminal.writer().print(ENTER);
        terminal.flush();
    }

    /** Takes the terminal. Ctrl-C stays the process's: its end must close the screen. */
    public static Screen open(boolean coloured) throws IOException {
        return new Screen(
                TerminalBuilder.builder()
                        .system(true)
                        .dumb(true)
                        .nativeSignals(false)
                        .build(),
                coloured);
    }

    public int height() {
        return Math.max(1, terminal.getHeight());
    }

    /** Draws these lines from the top, cut at the right. */
    public void show(List<Line> lines) {
        int width = Math.max(1, terminal.getWidth());
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            frame.append(i == 0 ? "" : "\r\n")
                    .append(coloured ? line.styled(width) : line.plain(width))
                    .append(REST_OF_LINE);
        }
        terminal.writer().print(frame.append(REST_OF_SCREEN));
        terminal.flush();
    }

    /** Waits so long for a key; whether it was q, or there will be no keys any more. */
    public boolean wantsToQuit(Duration wait) throws IOException {
        int key = terminal.reader().read(wait.toMillis());
        return key == 'q' || key == 'Q' || key == NonBlockingReader.EOF;
    }

    @Override
    public void close() throws IOException {
        terminal.setAttributes(before);
        terminal.writer().print(LEAVE);
        terminal.flush();
        terminal.close();
    }
}
