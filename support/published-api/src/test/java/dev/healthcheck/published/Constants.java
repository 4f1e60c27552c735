package dev.healthcheck.published;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/** The constant pool of a class file: whatever its code can name stands there. */
final class Constants {
    /** Of every constant its text, or the indices of those that it is made of. */
    private final Object[] pool;

    private final int[] tags;

    Constants(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.skipNBytes(8);
        int size = in.readUnsignedShort();
        pool = new Object[size];
        tags = new int[size];
        for (int i = 1; i < size; i++) {
            tags[i] = in.readUnsignedByte();
            pool[i] = read(tags[i], in);
            if (tags[i] == 5 || tags[i] == 6) {
                i++; // a long or double takes two places
            }
        }
    }

    private static Object read(int tag, DataInputStream in) throws IOException {
        return switch (tag) {
            case 1 -> in.readUTF();
            case 3, 4 -> in.readInt();
            case 5, 6 -> in.readLong();
            case 7, 8, 16, 19, 20 -> in.readUnsignedShort();
            case 9, 10, 11, 12, 17, 18 -> new int[] {in.readUnsignedShort(), in.readUnsignedShort()};
            case 15 -> new int[] {in.readUnsignedByte(), in.readUnsignedShort()};
            default -> throw new IOException("tag: " + tag);
        };
    }

    /** Fields and methods that are used, as {@code java.lang.Class.forName}. */
    Set<String> members() {
        Set<String> members = new TreeSet<>();
        for (int i = 1; i < pool.length; i++) {
            if (tags[i] >= 9 && tags[i] <= 11) {
                members.add(text(parts(i)[0]).replace('/', '.') + "." + text(parts(parts(i)[1])[0]));
            }
        }
        return members;
    }

    /** Everything that is text: names, descriptors, literals. */
    Set<String> texts() {
        Set<String> texts = new TreeSet<>();
        for (Object constant : pool) {
            if (constant instanceof String text) {
                texts.add(text);
            }
        }
        return texts;
    }

    private int[] parts(int index) {
        return (int[]) pool[index];
    }

    /** Directly, or that of the class at this index. */
    private String text(int index) {
        return pool[index] instanceof Integer name ? text(name) : (String) pool[index];
    }
}
