"""The likelihood of the 472 supernovae of SNLS three-year, with their full covariance (Conley et al. 2011), with numpy.

snls3.py FOLDER: the folder holds snls_3rdyear_lcparams.txt and the six matrices snls3_*_covmatrix.dat.gz. The same numbers
as the model supernova-snls3. A heavy likelihood: each point builds a matrix of 472 x 472 and factorises it.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from astropool import serve

LIGHT_SPEED = 299792.458  # km/s
HUBBLE = 70  # km/s/Mpc
NODES = 10  # of Gauss-Legendre quadrature between two redshifts
PECULIAR_REDSHIFT = 0.0005
INTRINSIC_SCATTER = np.array([0.0675, 0.1133, 0.0815, 0.0989])  # mag; SNLS, low redshift, HST, SDSS
MASS_OF_STEP = 10  # log10 of solar masses

folder = Path(sys.argv[1])
z_cmb, z_hel, z_error, magnitude, m_error, stretch, s_error, colour, c_error, mass, cov_ms, cov_mc, cov_sc, subset = (
    np.loadtxt(folder / "snls_3rdyear_lcparams.txt", usecols=[*range(1, 11), *range(12, 16)], unpack=True))


def matrix(name):
    numbers = np.array(gzip.open(folder / f"snls3_{name}_covmatrix.dat.gz").read().split(), dtype=float)
    square = numbers[1:].reshape(z_cmb.size, z_cmb.size)
    return (square + square.T) / 2


per_redshift = 5 / np.log(10) * (1 + z_cmb) / (z_cmb * (1 + z_cmb / 2))  # mag, of an empty universe
m_variance = (m_error**2 + INTRINSIC_SCATTER[subset.astype(int)] ** 2
              + per_redshift**2 * (z_error**2 + PECULIAR_REDSHIFT**2))
# To be added with the factors 1, alpha^2, beta^2, 2 alpha, -2 beta, -2 alpha beta.
covariances = [matrix(name) for name in ("v0", "va", "vb", "v0a", "v0b", "vab")]
for covariance, diagonal in zip(covariances, (m_variance, s_error**2, c_error**2, cov_ms, cov_mc, cov_sc)):
    covariance += np.diag(diagonal)

# Between each redshift and the one before, in u = ln(1 + z).
order = np.argsort(z_cmb)
x, weight = np.polynomial.legendre.leggauss(NODES)
u = np.log1p(z_cmb[order])
width = np.diff(u, prepend=0)
node_u = (u - width)[:, None] + width[:, None] * (x + 1) / 2
node_weight = width[:, None] * weight / 2


def log_likelihood(omega_m, alpha, beta, M_B, dM):
    """-chi2 / 2 in a flat universe with a cosmological constant; -inf where that is none."""
    if not 0 <= omega_m <= 1:
        return -np.inf
    # (E / (1 + z))^2, since (1 + z) / E is the integrand in u
    reduced = omega_m * np.exp(node_u) + (1 - omega_m) * np.exp(-2 * node_u)
    distance = np.empty_like(u)
    distance[order] = np.cumsum(np.sum(node_weight / np.sqrt(reduced), axis=1))
    modulus = 5 * np.log10((1 + z_hel) * LIGHT_SPEED / HUBBLE * distance) + 25
    mean = np.where(mass > MASS_OF_STEP, M_B + dM, M_B)
    residual = magnitude - modulus - mean + alpha * (stretch - 1) - beta * colour
    factors = (1, alpha**2, beta**2, 2 * alpha, -2 * beta, -2 * alpha * beta)
    try:
        triangle = np.linalg.cholesky(sum(f * covariance for f, covariance in zip(factors, covariances)))
    except np.linalg.LinAlgError:  # not positive definite
        return -np.inf
    return -np.sum(np.linalg.solve(triangle, residual) ** 2) / 2


if __name__ == "__main__":
    serve(log_likelihood)
