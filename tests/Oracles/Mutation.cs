namespace Hypersphere.Oracles;

/// <summary>Damages a file in one to four places: bytes changed, bits flipped, pieces cut out, doubled or appended, the end cut
/// off.</summary>
public static class Mutation
{
    public static byte[] Of(byte[] sound, Rng rng)
    {
        var bytes = new List<byte>(sound);
        for (int changes = 1 + rng.NextInt(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = rng.NextInt(bytes.Count);
            int length = Math.Min(1 + rng.NextInt(16), bytes.Count - at);
            switch (rng.NextInt(6))
            {
                case 0:
                    bytes[at] = (byte)rng.NextInt(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << rng.NextInt(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] = (byte)"0123456789{}[]\",:-"[rng.NextInt(18)];
                    break;
            }
        }

        return [.. bytes];
    }
}
