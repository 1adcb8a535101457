package org.astropool.internal.figure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.astropool.internal.figure.TextLine.Run;

/**
 * A label in a subset of LaTeX: Greek letters, sub- and superscripts, {@code \mathrm}, a few symbols. Formulas stand
 * between dollar signs; a label without any is a formula if it contains a backslash, a brace or a circumflex, or an
 * underscore behind a single letter, as labels for GetDist do. An unknown command is drawn as its name.
 */
final class Label {
    private static final double SCRIPT = 0.72;
    private static final double SUBSCRIPT = -0.18;
    private static final double SUPERSCRIPT = 0.38;

    private static final String GREEK =
            "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ"
                    + " lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω"
                    + " Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω";
    private static final String SYMBOLS =
            "times × cdot · pm ± prime ′ infty ∞ sqrt √ partial ∂ sum ∑ leq ≤ le ≤ geq ≥ ge ≥ neq ≠"
                    + " approx ≈ sim ~ propto ∝ odot ⊙ degr ° circ ° AA Å angstrom Å ell ℓ hbar ħ rightarrow → to → langle < rangle >"
                    + " ldots … dots … % % _ _ $ $ & & # # { { } }";
    private static final Map<String, String> CHARACTERS = new HashMap<>();

    static {
        for (String list : List.of(GREEK, SYMBOLS)) {
            String[] words = list.split(" ");
            for (int i = 0; i < words.length; i += 2) {
                CHARACTERS.put(words[i], words[i + 1]);
            }
        }
        CHARACTERS.putAll(Map.of(",", "\u2009", ";", " ", ":", " ", " ", " ", "quad", "  ", "!", ""));
    }

    private final Typeface typeface;
    private final List<Run> runs = new ArrayList<>();
    private final StringBuilder plain = new StringBuilder();
    private double x;

    private Label(Typeface typeface) {
        this.typeface = typeface;
    }

    static TextLine of(String label, double size, Typeface typeface) {
        Label made = new Label(typeface);
        if (label.indexOf('$') >= 0) {
            boolean isFormula = false;
            for (String part : label.split("(?<!\\\\)\\$", -1)) {
                if (isFormula) {
                    made.formula(part, size, 0, true);
                } else {
                    made.add(part.replace("\\$", "$"), size, 0, false);
                }
                isFormula = !isFormula;
            }
        } else if (isFormula(label)) {
            made.formula(label, size, 0, true);
        } else {
            made.add(label, size, 0, false);
        }
        return new TextLine(made.runs, made.x, Typeface.CAPITALS * size, made.plain.toString());
    }

    /** The label in a form to which text can be added. */
    static String mixed(String label) {
        return label.indexOf('$') < 0 && isFormula(label) ? "$" + label + "$" : label;
    }

    private static boolean isFormula(String label) {
        return label.matches(".*[\\\\{}^].*|\\p{L}(_.*)?");
    }

    private void add(String text, double size, double rise, boolean isOblique) {
        StringBuilder known = new StringBuilder();
        text.codePoints()
                .map(one -> one == '\u2009' || one < ' ' ? ' ' : one)
                .map(one -> typeface.has(one) ? one : one == '⊙' ? '☉' : one)
                .forEach(one -> known.append(typeface.has(one) ? Character.toString(one) : "?"));
        if (known.length() > 0) {
            runs.add(new Run(known.toString(), x, rise, size, isOblique));
            x += typeface.width(known.toString()) * size;
            plain.append(known);
        }
    }

    private void formula(String tex, double size, double rise, boolean isOblique) {
        int at = 0;
        double scriptsFrom = -1; // where a sub- and a superscript of the same letter both begin
        while (at < tex.length()) {
            char c = tex.charAt(at);
            if (c == '_' || c == '^') {
                int end = argumentEnd(tex, at + 1);
                double after = x;
                x = scriptsFrom >= 0 ? scriptsFrom : x;
                scriptsFrom = x;
                double shift = (c == '_' ? SUBSCRIPT : SUPERSCRIPT) * size;
                plain.append(c);
                formula(argument(tex, at + 1, end), size * SCRIPT, rise + shift, isOblique);
                x = Math.max(x, scriptsFrom == after ? x : after);
                at = end;
                continue;
            }
            scriptsFrom = -1;
            if (c == '\\') {
                at = command(tex, at, size, rise, isOblique);
            } else if (c == '{') {
                int end = argumentEnd(tex, at);
                formula(argument(tex, at, end), size, rise, isOblique);
                at = end;
            } else {
                int end = tex.offsetByCodePoints(at, 1);
                character(tex.substring(at, end), size, rise, isOblique);
                at = end;
            }
        }
    }

    private void character(String one, double size, double rise, boolean isOblique) {
        switch (one) {
            case "~" -> add(" ", size, rise, false);
            case " ", "}" -> {} // LaTeX ignores blanks in formulas
            case "-", "+", "=", "<", ">" -> {
                // LaTeX has blanks around them, but not in scripts and not before a sign.
                String blank = rise == 0 && plain.length() > 0 ? " " : "";
                add(blank + one.replace('-', '\u2212') + blank, size, rise, false);
            }
            default -> add(one, size, rise, isOblique && Character.isLetter(one.codePointAt(0)));
        }
    }

    /** @return where the text behind it begins */
    private int command(String tex, int at, double size, double rise, boolean isOblique) {
        int end = nameEnd(tex, at);
        String name = tex.substring(at + 1, end);
        if (name.equals("rm") && !tex.startsWith("{", end)) { // for the rest of its group
            formula(tex.substring(end), size, rise, false);
            return tex.length();
        }
        switch (name) {
            case "mathrm",
                    "rm",
                    "text",
                    "textrm",
                    "mathsf",
                    "mathbf",
                    "mathit",
                    "mathcal",
                    "operatorname",
                    "bar",
                    "hat" -> {
                boolean isUpright = !List.of("mathit", "mathcal", "bar", "hat").contains(name);
                int argument = argumentEnd(tex, end);
                String inner = argument(tex, end, argument);
                if (isUpright && inner.matches("[^\\\\_^{}]*")) {
                    add(inner.replace("~", " "), size, rise, false); // blanks count
                } else {
                    formula(inner, size, rise, isOblique && !isUpright);
                }
                return argument;
            }
            case "it" -> {
                return end;
            }
            case "frac" -> {
                int above = argumentEnd(tex, end);
                int below = argumentEnd(tex, above);
                formula(argument(tex, end, above), size, rise, isOblique);
                add("/", size, rise, false);
                formula(argument(tex, above, below), size, rise, isOblique);
                return below;
            }
            case "left", "right", "displaystyle" -> {
                return end;
            }
            default -> {
                String character = CHARACTERS.get(name);
                if (character == null) {
                    boolean isFollowed = end < tex.length() && (tex.charAt(end) == ' ' || tex.charAt(end) == '\\');
                    add(isFollowed ? name + " " : name, size, rise, false); // such as \log
                } else {
                    boolean isLowerGreek = character.matches("[α-ω]");
                    add(character, size, rise, isOblique && isLowerGreek);
                }
                return end;
            }
        }
    }

    private static int nameEnd(String tex, int at) {
        int end = at + 1;
        while (end < tex.length() && Character.isLetter(tex.charAt(end))) {
            end++;
        }
        return end == at + 1 ? Math.min(at + 2, tex.length()) : end;
    }

    /** Where the argument that begins at a place ends: a group in braces, a command, or a character. */
    private static int argumentEnd(String tex, int at) {
        if (at >= tex.length()) {
            return tex.length();
        }
        if (tex.charAt(at) == '\\') {
            int end = nameEnd(tex, at);
            return end < tex.length() && tex.charAt(end) == '{' ? argumentEnd(tex, end) : end;
        }
        if (tex.charAt(at) != '{') {
            return tex.offsetByCodePoints(at, 1);
        }
        int depth = 0;
        for (int i = at; i < tex.length(); i++) {
            depth += tex.charAt(i) == '{' ? 1 : tex.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        return tex.length();
    }

    private static String argument(String tex, int from, int to) {
        String argument = tex.substring(Math.min(from, to), to);
        if (!argument.startsWith("{")) {
            return argument;
        }
        return argument.substring(1, argument.length() - (argument.endsWith("}") ? 1 : 0));
    }
}
