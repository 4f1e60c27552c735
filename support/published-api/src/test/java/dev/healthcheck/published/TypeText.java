package dev.healthcheck.published;

import static java.util.stream.Collectors.joining;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;

/** Types with their nullness, as one would write them; not by their {@code toString}, which differs between JDKs. */
final class TypeText {
    private TypeText() {}

    static String of(AnnotatedType type) {
        if (type instanceof AnnotatedArrayType array) {
            String brackets = annotations(array.getAnnotations());
            return of(array.getAnnotatedGenericComponentType()) + (brackets.isEmpty() ? "" : " " + brackets) + "[]";
        }
        return annotations(type.getAnnotations()) + bare(type);
    }

    private static String bare(AnnotatedType type) {
        if (type instanceof AnnotatedParameterizedType generic) {
            return of(((ParameterizedType) generic.getType()).getRawType())
                    + list("<", generic.getAnnotatedActualTypeArguments(), ">");
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return "?"
                    + (wildcard.getAnnotatedLowerBounds().length > 0
                            ? list(" super ", wildcard.getAnnotatedLowerBounds(), "")
                            : bounds(wildcard.getAnnotatedUpperBounds()));
        }
        return of(type.getType());
    }

    /** Those of {@code java.lang} by their simple names. */
    static String of(Type type) {
        return type instanceof Class<?> known
                ? known.getCanonicalName().replaceFirst("^java\\.lang\\.(?=[A-Z])", "")
                : type.getTypeName();
    }

    static String list(String prefix, AnnotatedType[] types, String suffix) {
        return types.length == 0 ? "" : Arrays.stream(types).map(TypeText::of).collect(joining(", ", prefix, suffix));
    }

    static String parameters(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> annotations(variable.getAnnotations())
                                + variable.getName()
                                + bounds(variable.getAnnotatedBounds()))
                        .collect(joining(", ", "<", ">"));
    }

    private static String bounds(AnnotatedType[] bounds) {
        boolean implied = bounds.length == 1 && of(bounds[0]).equals("Object");
        return implied ? "" : Arrays.stream(bounds).map(TypeText::of).collect(joining(" & ", " extends ", ""));
    }

    static String annotations(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .map(annotation -> "@" + annotation.annotationType().getSimpleName() + " ")
                .sorted()
                .collect(joining());
    }
}
