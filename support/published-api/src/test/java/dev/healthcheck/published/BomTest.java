package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class BomTest {
    @Test
    void the_BOM_manages_every_library_and_nothing_else() throws Exception {
        assertThat(texts("healthcheck-bom/pom.xml", "artifactId"))
                .filteredOn(artifact -> artifact.startsWith("healthcheck-"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of("healthcheck-parent", "healthcheck-bom", "healthcheck-servlet-javax"),
                                Stream.of(Library.values()).map(Library::toString))
                        .toList());
    }

    @Test
    void every_published_module_is_tested_here() throws Exception {
        assertThat(texts("pom.xml", "module"))
                .filteredOn(module -> new File(Library.ROOT.toFile(), module + "/api.txt").exists())
                .containsExactlyElementsOf(
                        Stream.of(Library.values()).map(Library::toString).toList());
    }

    private static List<String> texts(String pom, String element) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Library.ROOT.resolve(pom).toFile());
        NodeList nodes = document.getElementsByTagName(element);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
