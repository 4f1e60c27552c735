package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The artifacts and commands that the documents name exist. */
class BuildSnippetsTest {
    private static final Pattern COORDINATES = Pattern.compile("'dev\\.healthcheck:([a-z-]+)(?::([^']+))?'");
    private static final Pattern SNAPSHOT = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+-SNAPSHOT\\b");
    private static final Pattern MODULES = Pattern.compile(" -pl (\\S+)");

    @ParameterizedTest
    @MethodSource("dev.healthcheck.published.MarkdownPage#all")
    void the_version_is_that_of_the_project(MarkdownPage page) throws Exception {
        assertThat(SNAPSHOT.matcher(page.text()).results().map(found -> found.group()))
                .isSubsetOf(version());
    }

    @ParameterizedTest
    @MethodSource("dev.healthcheck.published.MarkdownPage#all")
    void XML_can_be_read_and_names_artifacts_that_are_published(MarkdownPage page) throws Exception {
        for (String snippet : page.snippets("xml")) {
            Document document = parse("<snippet>" + snippet + "</snippet>");
            assertThat(artifactsIn(document)).isSubsetOf(published());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.healthcheck.published.MarkdownPage#all")
    void Gradle_names_artifacts_that_are_published(MarkdownPage page) throws Exception {
        for (String snippet : page.snippets("groovy")) {
            assertThat(COORDINATES.matcher(snippet).results().map(found -> found.group(1)))
                    .isNotEmpty()
                    .isSubsetOf(published());
        }
    }

    @Test
    void the_readme_shows_Maven_and_Gradle() throws IOException {
        MarkdownPage readme = MarkdownPage.of("README.md");

        assertThat(readme.snippets("xml")).isNotEmpty();
        assertThat(readme.snippets("groovy")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_is_there(String command) {
        File program = Library.ROOT.resolve(command.replaceFirst(" .*", "")).toFile();

        assertThat(program).isFile().isExecutable();
        assertThat(modulesIn(command))
                .allSatisfy(module -> assertThat(Library.ROOT.resolve(module).resolve("pom.xml"))
                        .exists());
    }

    @Test
    void the_readme_says_how_to_install_to_try_and_to_test() throws IOException {
        assertThat(commandsIn(MarkdownPage.of("README.md")))
                .contains("./mvnw install -DskipTests", "examples/quickstart/run", "./mvnw verify");
    }

    static List<String> commands() throws IOException {
        return MarkdownPage.all().stream()
                .flatMap(page -> commandsIn(page).stream())
                .distinct()
                .toList();
    }

    /** Those that are to be typed in the folder of the repository. */
    private static List<String> commandsIn(MarkdownPage page) {
        return page.snippets("").stream()
                .flatMap(String::lines)
                .map(line -> line.replaceFirst("\\s+#.*", ""))
                .filter(line -> line.matches("[.\\w-]+/\\S+( .*)?"))
                .toList();
    }

    private static List<String> modulesIn(String command) {
        return MODULES.matcher(command)
                .results()
                .flatMap(found -> Pattern.compile(",").splitAsStream(found.group(1)))
                .toList();
    }

    private static Set<String> published() throws IOException {
        Set<String> published = new TreeSet<>(List.of("healthcheck-bom", "healthcheck-servlet-javax"));
        Stream.of(Library.values()).map(Library::toString).forEach(published::add);
        return published;
    }

    private static List<String> artifactsIn(Document document) {
        List<String> artifacts = new ArrayList<>();
        for (Element dependency : elements(document, "dependency")) {
            if (text(dependency, "groupId").equals("dev.healthcheck")) {
                artifacts.add(text(dependency, "artifactId"));
            }
        }
        return artifacts;
    }

    private static String version() throws Exception {
        Document pom = parse(Files.readString(Library.ROOT.resolve("pom.xml")));
        return text(pom.getDocumentElement(), "version");
    }

    private static List<Element> elements(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }
}
