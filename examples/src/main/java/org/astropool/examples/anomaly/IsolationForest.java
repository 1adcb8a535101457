package org.astropool.examples.anomaly;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An isolation forest (Liu, Ting &amp; Zhou 2008, ICDM, 413; 2012, ACM TKDD 6, 3): trees that cut a sample at random
 * places until each object is alone. An unusual object is alone after few cuts. The score is {@code 2^(-E(h) / c(n))},
 * where E(h) is the mean depth of an object in the trees, n the size of the samples, and c(n) the mean depth of an
 * unsuccessful search in a binary search tree: near 1 for unusual objects, below 0.5 for ordinary ones.
 *
 * <p>Units and origins of features do not matter. Decided by its seed; {@link Random} is used because its numbers are
 * specified: the same on every Java version. Immutable.
 */
final class IsolationForest {
    private final List<Node> trees = new ArrayList<>();
    private final double typicalDepth;

    private sealed interface Node {}

    /** Objects whose feature is below the value are on the left side. */
    private record Cut(int feature, double value, Node left, Node right) implements Node {}

    /** @param size number of objects that were not separated */
    private record Leaf(int size) implements Node {}

    /**
     * Grows the trees.
     *
     * @param objects at least 2, with the same number of finite features each
     * @param trees how many, at least 1
     * @param sampleSize of how many objects each tree is made, at least 2; of all when there are fewer
     */
    IsolationForest(double[][] objects, int trees, int sampleSize, long seed) {
        int size = Math.min(sampleSize, objects.length);
        if (size < 2 || trees < 1) {
            throw new IllegalArgumentException(
                    trees + " trees of " + size + " objects; at least 1 tree of 2 objects is needed");
        }
        typicalDepth = unsuccessfulSearch(size);
        int mostCuts = 32 - Integer.numberOfLeadingZeros(size - 1); // log2 of the size, rounded up
        Random random = new Random(seed);
        for (int tree = 0; tree < trees; tree++) {
            this.trees.add(grown(sample(objects, size, random), mostCuts, random));
        }
    }

    /** Without replacement, by the first steps of the shuffle of Fisher and Yates. */
    private static List<double[]> sample(double[][] objects, int size, Random random) {
        double[][] shuffled = objects.clone();
        for (int i = 0; i < size; i++) {
            int other = i + random.nextInt(shuffled.length - i);
            double[] chosen = shuffled[other];
            shuffled[other] = shuffled[i];
            shuffled[i] = chosen;
        }
        return List.of(shuffled).subList(0, size);
    }

    private static Node grown(List<double[]> objects, int mostCuts, Random random) {
        double[][] ranges = ranges(objects);
        if (mostCuts == 0 || objects.size() < 2 || ranges.length == 0) {
            return new Leaf(objects.size());
        }
        double[] range = ranges[random.nextInt(ranges.length)];
        int feature = (int) range[0];
        double cut = range[1] + (range[2] - range[1]) * random.nextDouble();
        double value = Math.max(cut, Math.nextUp(range[1])); // so that neither side is empty
        List<double[]> left = new ArrayList<>();
        List<double[]> right = new ArrayList<>();
        for (double[] object : objects) {
            (object[feature] < value ? left : right).add(object);
        }
        return new Cut(feature, value, grown(left, mostCuts - 1, random), grown(right, mostCuts - 1, random));
    }

    /** For each feature that differs between the objects: its number, the least and the greatest value. */
    private static double[][] ranges(List<double[]> objects) {
        List<double[]> ranges = new ArrayList<>();
        for (int feature = 0; feature < objects.get(0).length; feature++) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            for (double[] object : objects) {
                least = Math.min(least, object[feature]);
                greatest = Math.max(greatest, object[feature]);
            }
            if (least < greatest) {
                ranges.add(new double[] {feature, least, greatest});
            }
        }
        return ranges.toArray(double[][]::new);
    }

    /** How unusual an object is, from 0 to 1. */
    double score(double[] object) {
        double sum = 0;
        for (Node tree : trees) {
            sum += depth(tree, object);
        }
        return StrictMath.pow(2, -sum / trees.size() / typicalDepth);
    }

    private static double depth(Node tree, double[] object) {
        int cuts = 0;
        Node node = tree;
        while (node instanceof Cut cut) {
            node = object[cut.feature] < cut.value ? cut.left : cut.right;
            cuts++;
        }
        return cuts + unsuccessfulSearch(((Leaf) node).size);
    }

    /** c(n) = 2 H(n - 1) - 2 (n - 1) / n, with the harmonic numbers H; 0 for one object. */
    static double unsuccessfulSearch(int size) {
        if (size < 2) {
            return 0;
        }
        double harmonic = 0;
        for (int i = size - 1; i > 0; i--) {
            harmonic += 1.0 / i;
        }
        return 2 * harmonic - 2.0 * (size - 1) / size;
    }
}
