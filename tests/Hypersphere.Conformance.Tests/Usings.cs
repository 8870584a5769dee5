global using Arrays = System.Collections.Generic.Dictionary<string, Hypersphere.Formats.NpyArray>;
