using System.Runtime;
using TradeApi.Commands;

// No garbage is collected beside the work: what lives longer than a batch is soon looked through. It is said here and not in the
// project, for then the runtime would let far more gather that has been looked through once (see src/decisions/0009).
GCSettings.LatencyMode = GCLatencyMode.Batch;
return await CommandLine.Run(args);
