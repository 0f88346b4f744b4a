"""Fits the two polynomials behind erf in Sources/CKernels/kernels.h, and checks those that stand there.

    python kernel_coefficients.py            # prints the coefficients as the header writes them
    python kernel_coefficients.py --check    # exit code 1 when the header holds others

For t = |x|: erf(t) = t + t·q(t²) below 0.9, with the largest relative error of erf made least, and
erfc(t) = exp(−g(t)) from 0.9 to 4.7, with the largest relative error of g made least: GELU takes the
first where erf is small and the second where erfc is, so both tails keep their relative accuracy.
Each is a weighted least-squares fit on Chebyshev nodes whose weights are raised where the error is
large (Lawson 1961) until it levels out. References are mpmath's erf and erfc with 40 digits.
Recorded with mpmath 1.3.0 and numpy 2.4.6.
"""
import pathlib
import re
import sys

import mpmath as mp
import numpy as np

mp.mp.dps = 40
HEADER = pathlib.Path(__file__).parents[2] / "Sources/CKernels/kernels.h"


def lawson(target, weight, powers, low, high, nodes=300, steps=1500):
    """The coefficients that make the largest weighted error over [low, high] least, and that error."""
    i = np.arange(nodes)
    x = low + (high - low) * (1 - np.cos(np.pi * (2 * i + 1) / (2 * nodes))) / 2
    y = np.array([float(target(mp.mpf(float(t)))) for t in x])
    w = np.array([weight(float(t)) for t in x])
    basis = np.stack([x**p for p in powers], 1)
    share = np.ones(nodes) / nodes
    for _ in range(steps):
        root = np.sqrt(share) * w
        coefficients, *_ = np.linalg.lstsq(basis * root[:, None], y * root, rcond=None)
        error = np.abs((basis @ coefficients - y) * w)
        share = share * error / (share * error).sum()
    return coefficients, error.max()


def fits():
    small = lawson(
        lambda t: mp.erf(t) / t - 1, lambda t: t / float(mp.erf(t)), range(0, 13, 2), 1e-6, 0.9)
    large = lawson(
        lambda t: -mp.log(mp.erfc(t)), lambda t: -1 / float(mp.log(mp.erfc(t))), range(9), 0.9, 4.7)
    return {"erf_small": small, "erfc_large": large}


def committed(name):
    """The coefficients of a function of the header, constant first."""
    body = re.search(rf"vf {name}\(vf t\) {{(.*?)\n}}", HEADER.read_text(), re.S).group(1)
    lines = re.findall(r"= (?:\(vf\)\(|\w \* \w ([+-]) )(-?[\d.e+-]+)f", body)
    return np.array([float(sign.replace("+", "") + digits) for sign, digits in lines])[::-1]


def main():
    same = True
    for name, (coefficients, error) in fits().items():
        print(f"// {name}: largest weighted error {error:.1e}")
        for power, value in reversed(list(enumerate(coefficients))):
            print(f"//   {value:+.9e}f · (t² or t)^{power}")
        written = committed(name)
        # The fit levels out to about six digits; nine stand in the header.
        same &= len(written) == len(coefficients) and np.allclose(written, coefficients, 1e-5, 0)
    if "--check" in sys.argv:
        print("kernels.h holds these" if same else "kernels.h holds others")
        sys.exit(not same)


if __name__ == "__main__":
    main()
