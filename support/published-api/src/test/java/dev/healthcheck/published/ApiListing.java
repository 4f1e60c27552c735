package dev.healthcheck.published;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lists what users can see of a library, a line each, in an order that does not depend on the JDK. */
final class ApiListing {
    private final List<String> lines = new ArrayList<>();

    private ApiListing() {}

    static List<String> of(Library library) throws IOException, URISyntaxException, ReflectiveOperationException {
        Map<String, byte[]> files = library.files();
        ApiListing listing = new ApiListing();
        ModuleDescriptor module = ModuleDescriptor.read(new ByteArrayInputStream(files.get("module-info.class")));
        listing.add(module);
        for (ModuleDescriptor.Exports exports : new TreeSet<>(module.exports())) {
            listing.add(exports.source(), files.keySet());
        }
        return listing.lines;
    }

    private void add(ModuleDescriptor module) {
        lines.add("module " + module.name());
        module.exports().stream()
                .map(exports -> "  exports " + exports)
                .sorted()
                .forEach(lines::add);
        module.requires().stream().map(ApiListing::text).sorted().forEach(lines::add);
    }

    /** Without the version that the compiler saw. */
    private static String text(ModuleDescriptor.Requires requires) {
        return Stream.concat(requires.modifiers().stream().sorted(), Stream.of(requires.name()))
                .map(word -> word.toString().toLowerCase(Locale.ROOT))
                .collect(joining(" ", "  requires ", ""));
    }

    private void add(String name, Set<String> files) throws ReflectiveOperationException {
        lines.add("");
        lines.add(annotations(type(name + ".package-info")) + "package " + name);
        for (String typeName : typeNames(name, files)) {
            Class<?> type = type(typeName);
            if (isVisible(type)) {
                add(type);
            }
        }
    }

    /** An outer type before those in it. */
    private static List<String> typeNames(String packageName, Set<String> files) {
        return files.stream()
                .filter(file -> file.matches("\\Q" + packageName.replace('.', '/') + "\\E/[^/-]*\\.class"))
                .map(file -> file.replaceFirst("\\.class$", "").replace('/', '.'))
                .sorted()
                .toList();
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, false, ApiListing.class.getClassLoader());
    }

    private static boolean isVisible(Class<?> type) {
        return isVisible(type.getModifiers())
                && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private void add(Class<?> type) throws IllegalAccessException {
        lines.add("");
        lines.add(header(type));
        for (Field field : visible(type, Class::getDeclaredFields)) {
            lines.add("  " + text(field));
        }
        for (Constructor<?> constructor : visible(type, Class::getDeclaredConstructors)) {
            lines.add("  " + text(constructor));
        }
        for (Method method : visible(type, Class::getDeclaredMethods)) {
            lines.add("  " + text(method));
        }
    }

    private static <M extends Member> List<M> visible(Class<?> type, Function<Class<?>, M[]> declared) {
        return Arrays.stream(declared.apply(type))
                .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic())
                .sorted(comparing(Member::getName).thenComparing(Object::toString))
                .toList();
    }

    private static String header(Class<?> type) {
        return annotations(type) + modifiers(type.getModifiers() & ~kindModifiers(type)) + sealed(type) + kind(type)
                + " "
                + TypeText.of(type) + TypeText.parameters(type.getTypeParameters())
                + TypeText.list(" extends ", superclass(type), "")
                + TypeText.list(type.isInterface() ? " extends " : " implements ", type.getAnnotatedInterfaces(), "");
    }

    /** Said by the kind. */
    private static int kindModifiers(Class<?> type) {
        return type.isInterface()
                ? Modifier.ABSTRACT | Modifier.INTERFACE | Modifier.STATIC
                : type.isEnum() || type.isRecord() ? Modifier.FINAL | Modifier.STATIC : 0;
    }

    private static String sealed(Class<?> type) {
        return type.isSealed() ? "sealed " : "";
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        return type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static AnnotatedType[] superclass(Class<?> type) {
        AnnotatedType parent = type.getAnnotatedSuperclass();
        boolean implied = parent == null || parent.getType() == Object.class || type.isEnum() || type.isRecord();
        return implied ? new AnnotatedType[0] : new AnnotatedType[] {parent};
    }

    private static String text(Field field) throws IllegalAccessException {
        return annotations(field) + modifiers(field.getModifiers() & Modifier.fieldModifiers())
                + TypeText.of(field.getAnnotatedType()) + " " + field.getName() + constant(field);
    }

    /** It is part of the API: compilers copy it to where it is used. */
    private static String constant(Field field) throws IllegalAccessException {
        boolean constant = Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && (field.getType().isPrimitive() || field.getType() == String.class);
        return constant ? " = " + field.get(null) : "";
    }

    private static String text(Constructor<?> constructor) {
        return annotations(constructor)
                + modifiers(constructor.getModifiers() & Modifier.constructorModifiers())
                + typeParameters(constructor)
                + constructor.getDeclaringClass().getSimpleName()
                + signature(constructor);
    }

    private static String text(Method method) {
        return annotations(method) + modifiers(method.getModifiers() & Modifier.methodModifiers())
                + (method.isDefault() ? "default " : "") + typeParameters(method)
                + TypeText.of(method.getAnnotatedReturnType()) + " " + method.getName() + signature(method);
    }

    private static String typeParameters(Executable executable) {
        TypeVariable<?>[] variables = executable.getTypeParameters();
        return variables.length == 0 ? "" : TypeText.parameters(variables) + " ";
    }

    private static String signature(Executable executable) {
        String parameters = TypeText.list("", executable.getAnnotatedParameterTypes(), "");
        return "(" + (executable.isVarArgs() ? parameters.replaceFirst("\\[]$", "...") : parameters) + ")"
                + TypeText.list(" throws ", executable.getAnnotatedExceptionTypes(), "");
    }

    /** Without those that say nothing to a caller. */
    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers & ~(Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT));
        return text.isEmpty() ? "" : text + " ";
    }

    private static String annotations(AnnotatedElement element) {
        return TypeText.annotations(element.getAnnotations());
    }
}
