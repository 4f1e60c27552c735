package dev.healthcheck.http;

import java.io.OutputStream;
import java.util.Arrays;

/** A buffer for the bytes of an answer, or of a part of one. Not thread-safe. */
final class BodyBuffer extends OutputStream {
    private byte[] bytes;
    private int length;

    BodyBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    byte at(int index) {
        return bytes[index];
    }

    /** Returns a copy of the bytes from {@code index} on. */
    byte[] from(int index) {
        return Arrays.copyOfRange(bytes, index, length);
    }

    /** Returns all bytes, perhaps without a copy: do not write to this buffer afterwards. */
    byte[] bytes() {
        return length == bytes.length ? bytes : from(0);
    }

    @Override
    public void write(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    @Override
    public void write(byte[] more) {
        write(more, 0, more.length);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void write(BodyBuffer other) {
        write(other.bytes, 0, other.length);
    }

    /** Writes text that holds ASCII only. */
    void write(String ascii) {
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
    }

    private void reserve(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
