using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Triplets that are seen from the negative under more than an angle.</summary>
/// <remarks>tan β = ‖a − p‖ / (2‖n − c‖) with c = (a + p)/2; chosen when β &gt; angle. Wang et al., Deep metric learning with angular loss,
/// ICCV 2017, eq. 5. ‖n − c‖² = d_an²/2 + d_pn²/2 − d_ap²/4, so all comes from one matrix of Euclidean distances; positives must be anchors
/// as well: not with references or a memory. Of unit rows; <c>distance=lp(normalize=false)</c> takes the embeddings as they are, as
/// pytorch-metric-learning does. Where a, p and n coincide the angle is 0. Time N·P·M, memory N·M.</remarks>
/// <param name="angle">Radians.</param>
[Component(
    "angular", Summary = "triplets with a large angle at the negative", Equation = "atan(‖a − p‖ / (2‖n − (a + p)/2‖)) > angle",
    Paper = "Wang et al., Deep metric learning with angular loss, ICCV 2017, eq. 5")]
public sealed class AngularMiner([Range(0, Math.PI / 2), Description("least angle, radians")] float angle = 0.35f) : TripletMiner
{
    /// <summary>Radians.</summary>
    public float Angle { get; } = angle;

    /// <inheritdoc/>
    protected internal override void Mine(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        if (!batch.IsOneSet || batch.Distance is not LpDistance { P: 2, Power: 1 })
        {
            throw new InputException("angular: the miner needs Euclidean distances, lp(p=2, power=1), within one batch, without references or a memory.");
        }

        All(batch, anchor, (p, n) =>
        {
            double ap = batch.Values(anchor)[p], an = batch.Values(anchor)[n], pn = batch.Values(p)[n];
            double nc = Math.Sqrt(Math.Max((an * an / 2) + (pn * pn / 2) - (ap * ap / 4), 0));
            if (Math.Atan2(ap, 2 * nc) > Angle)
            {
                visit(p, n);
            }
        });
    }
}
