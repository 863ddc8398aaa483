"""The thesis experiment, small, and its picture: python thesis.py [REPLICATES] [PICTURE]"""

import sys

import allegiance
import matplotlib.pyplot as plt

replicates, picture = (sys.argv[1:] + ["60", "thesis.png"][len(sys.argv) - 1 :])[:2]
found = allegiance.experiment("thesis", replicates=int(replicates), theories=False, prior_draws=0)
titles = {arm["id"]: arm["title"] for arm in found["arms"]}
plt.figure(figsize=(8, 3.6), layout="constrained").suptitle(f"{found['title']}, simulated; not a forecast")
for row in reversed([row for row in found.differences if row["outcome"] == "groups.isis.members_end"]):
    plt.plot([row["low"], row["mean"], row["high"]], [titles[row["arm"]]] * 3, ".-", color="black")
plt.xlabel(f"members of ISIS at the end, less “{titles[found['baseline']]}” ({replicates} pairs, 95%)")
plt.savefig(picture)
