global using Hypersphere.Reports.Charts;
