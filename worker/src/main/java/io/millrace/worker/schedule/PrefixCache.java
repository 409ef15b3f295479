package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prompts whose keys and values were saved, so that a prompt with the same beginning takes them over long after the slot
 * that computed them has gone on: other heads of a few-shot run, templates, the prompts of a sweep's next setting.
 *
 * <p>A tree: a node has the saved cells of some tokens that follow a position of its parent. Where two prompts part within
 * a node, the second one hangs at that position, and nothing is ever split. What is used least recently goes first; since
 * a node's use is a use of its parents after it, that is always a leaf.
 *
 * <p>Confined to the decode thread.
 */
public final class PrefixCache {
    /** Cells are saved in pieces of so many at most, so that taking over a few does not move many. */
    static final int PIECE = 64;

    private final long capacityBytes;
    private final List<Node> roots = new ArrayList<>();
    /** Least recently used first. */
    private final Set<Node> byUse = new LinkedHashSet<>();

    private long bytes;

    /** @param capacityBytes the most memory that saved cells take; 0 saves nothing */
    public PrefixCache(long capacityBytes) {
        if (capacityBytes < 0) {
            throw new IllegalArgumentException("a prefix cache of " + capacityBytes + " bytes");
        }
        this.capacityBytes = capacityBytes;
    }

    private static final class Node {
        final Node parent;
        /** Position of its first token. */
        final int from;

        final int[] tokens;
        final SavedCells cells;
        /** By position and first token. */
        final Map<Long, Node> children = new HashMap<>();

        Node(Node parent, int from, int[] tokens, SavedCells cells) {
            this.parent = parent;
            this.from = from;
            this.tokens = tokens;
            this.cells = cells;
        }

        int to() {
            return from + tokens.length;
        }

        /** The position behind the last token that the prompt shares, which has shared all before this node. */
        int sharedTo(int[] prompt) {
            int limit = Math.min(to(), prompt.length);
            int mismatch = Arrays.mismatch(tokens, 0, limit - from, prompt, from, limit);
            return mismatch < 0 ? limit : from + mismatch;
        }
    }

    private static long key(int position, int token) {
        return (long) position << Integer.SIZE | token;
    }

    /** Whether anything is ever saved. */
    boolean enabled() {
        return capacityBytes > 0;
    }

    /** Memory that the saved cells take. */
    public long bytes() {
        return bytes;
    }

    /** How many of the prompt's first tokens have saved cells. */
    int known(int adapter, int[] prompt) {
        return adapter < roots.size() ? walk(roots.get(adapter), prompt, null) : 0;
    }

    /**
     * Goes down the tree as far as the prompt does.
     *
     * @param path gets the nodes, the root not among them, unless it is null
     * @return how many tokens are shared
     */
    private static int walk(Node root, int[] prompt, List<Node> path) {
        Node node = root;
        int shared = 0;
        while (shared < prompt.length) {
            Node child = node.children.get(key(shared, prompt[shared]));
            if (child == null) {
                break;
            }
            node = child;
            shared = node.sharedTo(prompt);
            if (path != null) {
                path.add(node);
            }
        }
        return shared;
    }

    /** Plans to give a slot that holds the prompt's first {@code from} cells those up to {@code to}, which are known. */
    void restore(StepPlan plan, int slot, int adapter, int[] prompt, int from, int to) {
        List<Node> path = new ArrayList<>();
        walk(roots.get(adapter), prompt, path);
        int restored = from;
        for (int i = 0; i < path.size() && restored < to; i++) {
            Node node = path.get(i);
            int end = Math.min(to, i + 1 < path.size() ? path.get(i + 1).from : node.sharedTo(prompt));
            if (end > restored) {
                plan.restore(slot, node.cells, restored, end);
                restored = end;
            }
        }
        if (restored < to) {
            throw new IllegalStateException("of the cells to " + to + " those from " + restored + " are not saved");
        }
        use(path.get(path.size() - 1));
    }

    /** Keeps what was saved; lets it go where what comes before it is not here, or it is known already. */
    public void add(SavedPrefix saved) {
        while (roots.size() <= saved.adapter()) {
            roots.add(new Node(null, 0, new int[0], null));
        }
        List<Node> path = new ArrayList<>();
        int known = walk(roots.get(saved.adapter()), saved.prompt(), path);
        if (known != saved.from() || saved.cells().bytes() > capacityBytes) {
            saved.cells().release();
            return;
        }
        Node parent = path.isEmpty() ? roots.get(saved.adapter()) : path.get(path.size() - 1);
        int[] tokens = Arrays.copyOfRange(saved.prompt(), saved.from(), saved.to());
        Node node = new Node(parent, saved.from(), tokens, saved.cells());
        parent.children.put(key(node.from, tokens[0]), node);
        bytes += node.cells.bytes();
        use(node);
        shrink();
    }

    /** The node and those above it are used now, the highest last. */
    private void use(Node node) {
        for (Node used = node; used.cells != null; used = used.parent) {
            byUse.remove(used);
            byUse.add(used);
        }
    }

    private void shrink() {
        Iterator<Node> eldest = byUse.iterator();
        while (bytes > capacityBytes) {
            Node node = eldest.next();
            eldest.remove();
            node.parent.children.remove(key(node.from, node.tokens[0]));
            bytes -= node.cells.bytes();
            node.cells.release();
        }
    }

    /** Lets everything go. */
    public void clear() {
        byUse.forEach(node -> node.cells.release());
        byUse.clear();
        roots.clear();
        bytes = 0;
    }
}
