package org.astropool.internal.contour;

/** Convolves masses on the nodes of one axis with a Gaussian kernel. */
final class LineSmoother {
    private final SampleRange range;

    LineSmoother(SampleRange range) {
        this.range = range;
    }

    /** The parts of the samples at the nodes, their sum is 1. */
    double[] masses(double[] samples, double[] weights) {
        double[] masses = new double[range.nodes()];
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        for (int i = 0; i < samples.length; i++) {
            if (weights[i] > 0) {
                int at = range.below(samples[i]);
                double part = (samples[i] - range.from()) / range.step() - at;
                masses[at] += (1 - part) * weights[i] / total;
                masses[at + 1] += part * weights[i] / total;
            }
        }
        return masses;
    }

    /** Mass per step at each node; near an edge divided by the part of the kernel that lies inside. */
    double[] smooth(double[] masses, double width) {
        double sigma = Math.max(width / range.step(), 1e-3);
        int radius = (int) Math.ceil(5 * sigma);
        double[] kernel = new double[radius + 1];
        double whole = 0;
        for (int d = 0; d <= radius; d++) {
            kernel[d] = Math.exp(-0.5 * d * d / (sigma * sigma));
            whole += d == 0 ? 1 : 2 * kernel[d];
        }
        int nodes = masses.length;
        double[] smooth = new double[nodes];
        for (int i = 0; i < nodes; i++) {
            double sum = 0;
            double inside = 0;
            for (int d = -radius; d <= radius; d++) {
                int source = i + d;
                double k = kernel[Math.abs(d)] / whole;
                if (source >= 0 && source < nodes) {
                    sum += k * masses[source];
                }
                inside += k * cell(source);
            }
            smooth[i] = sum / inside;
        }
        return smooth;
    }

    /** The part of the cell of a node that lies inside. */
    private double cell(int node) {
        int last = range.nodes() - 1;
        boolean isOutside = (node < 0 && range.isLowHard()) || (node > last && range.isHighHard());
        boolean isEdge = (node == 0 && range.isLowHard()) || (node == last && range.isHighHard());
        return isOutside ? 0 : isEdge ? 0.5 : 1;
    }

    /** The integral of a density that is given per step, by the trapezoidal rule, per step. */
    double sum(double[] density) {
        double sum = -(density[0] + density[density.length - 1]) / 2;
        for (double value : density) {
            sum += value;
        }
        return sum * range.step();
    }

    /** The integral of the squared second derivative. */
    double roughness(double[] perStep) {
        double step = range.step();
        double sum = 0;
        for (int i = 1; i < perStep.length - 1; i++) {
            double second = (perStep[i - 1] - 2 * perStep[i] + perStep[i + 1]) / (step * step * step);
            sum += second * second * step;
        }
        return sum;
    }
}
