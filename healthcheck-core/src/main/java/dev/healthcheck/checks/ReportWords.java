package dev.healthcheck.checks;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums up a report in this library's JSON in a few words: {@code DOWN orders-db unreachable}. The words are bounded. They
 * hold only statuses, names and reasons of the documented form, so they cannot control a terminal. A body of another form
 * gives no words, or its status only.
 */
final class ReportWords {
    private static final int MOST_NAMED = 2;
    private static final int LONGEST_STATUS = 20;
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_REASON = 40;

    private final JsonScan json;
    private String status = "";
    private String reason = "";
    /** The first checks that make the report what it is, each with its reason. */
    private final List<String> causes = new ArrayList<>();

    private int unnamed;

    private ReportWords(String body) {
        json = new JsonScan(body);
    }

    /** Returns the words, with a blank before each; an empty text if there are none. The body may be cut. */
    static String of(String body) {
        ReportWords words = new ReportWords(body);
        words.readReport();
        return words.text();
    }

    private void readReport() {
        if (!json.enter()) {
            return;
        }
        for (String name = json.name(); name != null; name = json.name()) {
            switch (name) {
                case "status" -> status = json.string();
                case "reason" -> reason = json.string();
                case "checks" -> readChecks();
                default -> json.skip();
            }
        }
    }

    private void readChecks() {
        if (!json.enter()) {
            return;
        }
        for (String name = json.name(); name != null; name = json.name()) {
            readCheck(name);
        }
    }

    private void readCheck(String check) {
        String checkStatus = "";
        String checkReason = "";
        String required = "";
        if (!json.enter()) {
            return;
        }
        for (String name = json.name(); name != null; name = json.name()) {
            switch (name) {
                case "status" -> checkStatus = json.string();
                case "reason" -> checkReason = json.string();
                case "required" -> required = json.literal();
                default -> json.skip();
            }
        }
        if (isName(check) && isCause(checkStatus, required)) {
            add(isReason(checkReason) ? check + " " + checkReason : check);
        }
    }

    /** An optional check does not make a report DOWN, and any check that is not UP makes it DEGRADED. */
    private boolean isCause(String checkStatus, String required) {
        if (status.equals("DOWN")) {
            return checkStatus.equals("DOWN") && required.equals("true");
        }
        boolean notUp = checkStatus.equals("DOWN") || checkStatus.equals("DEGRADED");
        return status.equals("DEGRADED") && notUp && !required.isEmpty();
    }

    private void add(String cause) {
        if (causes.size() < MOST_NAMED) {
            causes.add(cause);
        } else {
            unnamed++;
        }
    }

    private String text() {
        if (!isStatus(status)) {
            return "";
        }
        if (isReason(reason)) {
            return " " + status + " " + reason;
        }
        String text = " " + status;
        for (int i = 0; i < causes.size(); i++) {
            text += (i == 0 ? " " : ", ") + causes.get(i);
        }
        if (unnamed > 0) {
            text += " and " + (json.isIntact() ? "" : "at least ") + unnamed + " more";
        }
        return text;
    }

    /** Allows the words of Spring Boot, too, such as {@code OUT_OF_SERVICE}. */
    private static boolean isStatus(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'A' && c <= 'Z') && c != '_') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_STATUS;
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !isDigit(c) && (i == 0 || "._-".indexOf(c) < 0)) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_NAME;
    }

    private static boolean isReason(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean betweenWords = c == '-' && i > 0 && text.charAt(i - 1) != '-' && i < text.length() - 1;
            if (!(c >= 'a' && c <= 'z') && !isDigit(c) && !betweenWords) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_REASON;
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
