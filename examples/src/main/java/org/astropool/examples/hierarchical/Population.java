package org.astropool.examples.hierarchical;

import java.util.ArrayList;
import java.util.List;
import org.astropool.task.Parameter;

/**
 * The population of type Ia supernovae: {@code M ~ N(M_B + dM [massive host], sigma_int)}, {@code x ~ N(x0, Rx)},
 * {@code c ~ N(c0, Rc)}, and how x and c show in the magnitude, {@code mB = mu + M + a x + b c}. Magnitudes for H0 = 70
 * km/s/Mpc.
 *
 * @param a alpha with its sign, see {@link SampleKind#signOfAlpha}
 * @param b beta
 * @param magnitude M_B
 * @param massStep dM
 * @param scatter sigma_int
 * @param xMean x0
 * @param xWidth Rx
 * @param cMean c0
 * @param cWidth Rc
 */
record Population(
        double a,
        double b,
        double magnitude,
        double massStep,
        double scatter,
        double xMean,
        double xWidth,
        double cMean,
        double cWidth) {

    /** The parameters of the relation between magnitude, x and c. */
    static List<Parameter> relationParameters(SampleKind kind) {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("alpha", "", 0, 5, "coefficient of x in the magnitude"));
        parameters.add(new Parameter("beta", "", 0, 10, "coefficient of the colour in the magnitude"));
        parameters.add(new Parameter("M_B", "mag", -25, -15, "mean absolute magnitude at x = c = 0, H0 = 70 km/s/Mpc"));
        if (kind.hasMassStep()) {
            parameters.add(
                    new Parameter("dM", "mag", -1, 1, "by how much those in hosts above 10^10 solar masses differ"));
        }
        return parameters;
    }

    /** sigma_int. */
    static Parameter scatterParameter() {
        return new Parameter("sigma_int", "mag", 0, 1, "intrinsic scatter of the absolute magnitude");
    }

    /** All parameters, in the order of {@link #at}. */
    static List<Parameter> parameters(SampleKind kind) {
        List<Parameter> parameters = relationParameters(kind);
        parameters.add(scatterParameter());
        parameters.add(new Parameter("x0", "", -5, 5, "mean of x"));
        parameters.add(new Parameter("Rx", "", 0, 10, "standard deviation of x"));
        parameters.add(new Parameter("c0", "mag", -1, 1, "mean colour"));
        parameters.add(new Parameter("Rc", "mag", 0, 5, "standard deviation of the colour"));
        return parameters;
    }

    /** @param first position of the first of {@link #parameters} in the point */
    static Population at(double[] point, int first, SampleKind kind) {
        int i = first;
        double a = kind.signOfAlpha() * point[i++];
        double b = point[i++];
        double magnitude = point[i++];
        double massStep = kind.hasMassStep() ? point[i++] : 0;
        return new Population(
                a, b, magnitude, massStep, point[i], point[i + 1], point[i + 2], point[i + 3], point[i + 4]);
    }

    /** The mean absolute magnitude at x = c = 0. */
    double magnitude(boolean isMassive) {
        return isMassive ? magnitude + massStep : magnitude;
    }
}
