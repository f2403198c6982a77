"""The step of an engine in careful numpy and C++ SGP4: what a good Python engine can do on one core.

Reads a job as JSON from the file named by the only argument, prints the measurement as JSON. A step propagates all
satellites at once (sgp4.api.SatrecArray), turns them to ECEF, finds the satellites above the mask of every site, takes the
ranges of the ISLs, makes delays of them and compares with what was sent last; with routing, it then runs
scipy.sparse.csgraph.dijkstra from every site.
"""

import json
import os
import sys
import time

for threads in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[threads] = "1"

import resource

import numpy as np
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
import sgp4
from sgp4.api import WGS72, Satrec, SatrecArray

LIGHT_KM_PER_S = 299_792.458
JD_UNIX = 2_440_587.5
CHUNK = 4_000_000  # pairs of a matrix product that are in memory at once


def records(satellites):
    out = []
    for s in satellites:
        sat = Satrec()
        days, seconds = divmod(s["epochSeconds"], 86_400)
        fraction = (seconds + s["epochNanos"] / 1e9) / 86_400
        turn = 2 * np.pi / 1440
        sat.sgp4init(
            WGS72, "i", 1, JD_UNIX + days + fraction - 2_433_281.5, s["bstar"],
            s["meanMotionDot"] * turn / 1440, s["meanMotionDdot"] * turn / 1440**2, s["eccentricity"],
            np.radians(s["argPerigeeDeg"]), np.radians(s["inclinationDeg"]), np.radians(s["meanAnomalyDeg"]),
            s["meanMotion"] * turn, np.radians(s["raanDeg"]),
        )
        # One double for the epoch is 2 mm off: the two parts say it exactly.
        sat.jdsatepoch, sat.jdsatepochF = JD_UNIX + days, fraction
        out.append(sat)
    return SatrecArray(out)


def gmst(time_ms):
    """IAU 1982, UTC for UT1, whole days apart from the rest."""
    since = time_ms / 1000 - 946_728_000
    t = since / 86_400 / 36_525
    seconds = 67_310.54841 + since % 86_400 + 8_640_184.812866 * t + 0.093104 * t**2 - 6.2e-6 * t**3
    return seconds % 86_400 / 86_400 * 2 * np.pi


class Engine:
    def __init__(self, problem, routed):
        self.satellites = records(problem["satellites"])
        self.count = len(problem["satellites"])
        lat = np.radians([s["latDeg"] for s in problem["sites"]])
        lon = np.radians([s["lonDeg"] for s in problem["sites"]])
        height = np.array([s["altM"] for s in problem["sites"]]) / 1000
        f = 1 / 298.257223563
        e2 = f * (2 - f)
        normal = 6378.137 / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        self.up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
        self.site = self.up * np.stack([normal + height, normal + height, normal * (1 - e2) + height], axis=1)
        self.plane = np.einsum("ij,ij->i", self.site, self.up)
        self.sin = np.sin(np.radians(problem["minElevationDeg"]))
        isls = np.array(problem["isls"], dtype=np.int64).reshape(-1, 2)
        self.a, self.b = isls[:, 0], isls[:, 1]
        above = problem["minAltitudeKm"]
        self.axes = np.array([6378.137 + above, 6378.137 + above, 6356.752314245179 + above])
        self.routed = routed
        self.sent_isl = np.full(len(isls), np.nan)
        self.sent_up = np.zeros(len(isls), dtype=bool)
        self.sent_keys = np.empty(0, dtype=np.int64)
        self.sent_gsl = np.empty(0)
        self.site_tree = cKDTree(self.site)
        self.visible = self.quickest

    def step(self, time_ms):
        self.propagate(time_ms)
        self.isl_km = np.linalg.norm(self.xyz[self.b] - self.xyz[self.a], axis=1)
        up = self.clear()
        sites, satellites, self.gsl_km = self.visible()
        isl, gsl = self.isl_km / LIGHT_KM_PER_S, self.gsl_km / LIGHT_KM_PER_S
        keys = sites * self.count + satellites
        changed = self.differences(isl, up, keys, gsl)
        if self.routed:
            self.route(isl[up], sites, satellites, gsl, up)
        return changed

    def propagate(self, time_ms):
        days, ms = divmod(time_ms, 86_400_000)
        error, teme, _ = self.satellites.sgp4(np.array([JD_UNIX + days]), np.array([ms / 86_400_000]))
        teme = teme[:, 0, :]
        teme[error[:, 0] != 0] = np.nan
        angle = gmst(time_ms)
        cos, sin = np.cos(angle), np.sin(angle)
        self.xyz = np.stack([cos * teme[:, 0] + sin * teme[:, 1], cos * teme[:, 1] - sin * teme[:, 0], teme[:, 2]], axis=1)

    def clear(self):
        """Whether the line of each ISL stays above the ellipsoid by the least altitude."""
        unit = self.xyz / self.axes
        start = unit[self.a]
        way = unit[self.b] - start
        along = np.clip(-np.einsum("ij,ij->i", start, way) / np.einsum("ij,ij->i", way, way), 0, 1)
        nearest = start + along[:, None] * way
        return np.einsum("ij,ij->i", nearest, nearest) >= 1

    def quickest(self):
        """The first step tries both ways; the quicker one stays."""
        spent = []
        for way in (self.by_products, self.by_tree):
            start = time.process_time()
            found = way()
            spent.append((time.process_time() - start, way))
        self.visible = min(spent, key=lambda each: each[0])[1]
        return found

    def by_products(self):
        """Every site against every satellite, by matrix products of as many sites as memory takes."""
        parts = []
        rows = max(1, CHUNK // self.count)
        lowest = self.sin * 0.97 * (np.nanmin(np.linalg.norm(self.xyz, axis=1)) - 6379) - 1
        for first in range(0, len(self.site), rows):
            up = self.up[first:first + rows]
            rise = up @ self.xyz.T
            rise -= self.plane[first:first + rows, None]
            # No satellite of that height is visible with less rise above the horizontal plane.
            site, satellite = np.nonzero(rise > max(lowest, 0))
            parts.append(self.exact(site + first, satellite, rise[site, satellite]))
        return tuple(np.concatenate(part) for part in zip(*parts))

    def by_tree(self):
        """Pairs within the slant range of the highest satellite at the mask, by two trees."""
        known = np.flatnonzero(np.isfinite(self.xyz[:, 0]))
        highest = np.linalg.norm(self.xyz[known], axis=1).max()
        lowest_site = np.linalg.norm(self.site, axis=1).min()
        # At a mask lower by 0.2°: the normal of the ellipsoid is not the direction from the centre.
        s = self.sin - 0.0036
        reach = -lowest_site * s + np.sqrt((lowest_site * s) ** 2 + highest**2 - lowest_site**2)
        near = self.site_tree.sparse_distance_matrix(cKDTree(self.xyz[known]), reach, output_type="ndarray")
        order = np.lexsort((near["j"], near["i"]))
        site, satellite = near["i"][order], known[near["j"][order]]
        rise = np.einsum("ij,ij->i", self.xyz[satellite], self.up[site]) - self.plane[site]
        return self.exact(site, satellite, rise)

    def exact(self, site, satellite, rise):
        km = np.linalg.norm(self.xyz[satellite] - self.site[site], axis=1)
        above = (rise > 0) & (rise >= self.sin * km)
        return site[above], satellite[above], km[above]

    def differences(self, isl, up, keys, gsl):
        """Links that changed or left, both directions; remembers what is now."""
        changed = np.count_nonzero((isl != self.sent_isl) | (up != self.sent_up))
        at = np.searchsorted(self.sent_keys, keys)
        at[at == len(self.sent_keys)] = 0
        if len(self.sent_keys) == 0:
            changed += len(keys)
        else:
            stayed = self.sent_keys[at] == keys
            changed += len(keys) - np.count_nonzero(stayed & (self.sent_gsl[at] == gsl))
            changed += len(self.sent_keys) - np.count_nonzero(stayed)
        self.sent_isl, self.sent_up, self.sent_keys, self.sent_gsl = isl, up, keys, gsl
        return 2 * int(changed)

    def route(self, isl, sites, satellites, gsl, up):
        """From every site to everywhere. Sites that do not relay are two nodes: one that sends and one that receives."""
        sending = self.count + sites
        receiving = sending if self.routed == "relay" else sending + len(self.site)
        size = self.count + len(self.site) * (1 if self.routed == "relay" else 2)
        a, b = self.a[up], self.b[up]
        source = np.concatenate([a, b, sending, satellites])
        target = np.concatenate([b, a, satellites, receiving])
        graph = csr_matrix((np.concatenate([isl, isl, gsl, gsl]), (source, target)), shape=(size, size))
        self.ways, self.before = dijkstra(graph, indices=self.count + np.arange(len(self.site)), return_predecessors=True)

    def check(self, time_ms):
        self.step(time_ms)
        found = {
            "timeMs": time_ms,
            "visiblePairs": len(self.gsl_km),
            "gslRangeKm": float(self.gsl_km.sum()),
            "isls": int(np.count_nonzero(self.sent_up)),
            "islRangeKm": float(self.isl_km[self.sent_up].sum()),
        }
        if self.routed:
            between = self.ways[:, -len(self.site):].copy()
            np.fill_diagonal(between, np.inf)
            there = np.isfinite(between)
            found["routes"] = int(np.count_nonzero(there))
            found["routeDelayMs"] = float(between[there].sum() * 1000)
        return found


def repeat(count, limit, one):
    end = time.perf_counter() + limit
    done = 0
    while done < count and (done < 3 or time.perf_counter() < end):
        one()
        done += 1


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    problem, effort = job["problem"], job["effort"]
    engine = Engine(problem, job["routed"])
    tick = iter(range(1 << 30))
    at = lambda: problem["startMs"] + next(tick) * job["dtMs"]
    repeat(effort["warmUp"], effort["seconds"] / 4, lambda: engine.step(at()))
    cpu, wall = [], []

    def one():
        start, before = time.perf_counter(), time.process_time()
        engine.step(at())
        cpu.append((time.process_time() - before) * 1000)
        wall.append((time.perf_counter() - start) * 1000)

    repeat(effort["ticks"], effort["seconds"], one)
    print(json.dumps({
        "ticks": len(cpu),
        "meanCpuMs": float(np.mean(cpu)),
        "medianCpuMs": float(np.median(cpu)),
        "p99CpuMs": float(np.percentile(cpu, 99, method="inverted_cdf")),
        "meanWallMs": float(np.mean(wall)),
        "rssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "checks": [engine.check(time_ms) for time_ms in job["checkAt"]],
        "note": f"numpy {np.__version__}, scipy {scipy.__version__}, sgp4 {sgp4.__version__}, visibility {engine.visible.__name__}",
    }))


main()
