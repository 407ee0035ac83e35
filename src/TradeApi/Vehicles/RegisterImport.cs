using TradeApi.Database;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Vehicles;

/// <summary>How far an import is: what it does, the share of it that is done where that is known, and the lines so far.</summary>
readonly record struct ImportProgress(string Step, double? Share, long Lines);

/// <summary>
/// Takes the records of a register in from a file, any number of times. Batches are committed whole, and each line is
/// compared with what is there: so an import that was killed is gone on with by running it again, which finds the same
/// records and passes over them, and nothing has to be remembered in between. A line that cannot be taken is counted by
/// its reason and passed over.
/// </summary>
sealed class RegisterImport(Store store, TimeProvider clock)
{
    // Marks and VINs come in no order, so a batch touches most pages of their indexes: the more rows share a commit, the
    // less is written for each.
    const int RowsTogether = 10_000;
    const int BytesTogether = 8 * 1024 * 1024;

    static readonly Refusal Doubled = new(
        "registrationNumber.doubled",
        "The mark stands in an earlier line of this file, which counts, and this line says something else."
    );
    static readonly Refusal ChangedByNotice = new(
        "vehicle.changed-by-notice",
        "The vehicle differs from this line and a notice has been recorded for it since it was imported. The register was left as it is."
    );

    readonly RegisterReport report = new();

    public async Task<RegisterReport> Run(
        Stream content,
        CancellationToken cancel,
        RefusedLines? refused = null,
        Action<ImportProgress>? progress = null
    )
    {
        using var seen = new LinesSeen();
        var saving = Task.CompletedTask;
        try
        {
            await using var file = await RegisterFile.Open(content, cancel);
            await foreach (var batch in Batches(file, keepRows: refused is not null, cancel))
            {
                // One batch is saved while the next one is read: the two take about as long, and there are two cores.
                await saving;
                saving = Task.Run(() => Save(batch, file, seen, refused, progress, cancel), cancel);
            }
            await saving;
        }
        finally
        {
            // Whatever went wrong here, what is being saved ends before what it uses is gone.
            await saving.ContinueWith(_ => { }, TaskScheduler.Default);
        }
        await LookAgain(seen, progress, cancel);
        return report;
    }

    async IAsyncEnumerable<List<Line>> Batches(
        RegisterFile file,
        bool keepRows,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        var reader = new RegisterLine(LondonDate.Of(clock.Now()));
        var members = new List<Member>();
        var batch = new List<Line>(RowsTogether);
        var bytes = 0;
        await using var rows = file.Read(cancel).GetAsyncEnumerator(cancel);
        while (await Next(rows))
        {
            foreach (var row in rows.Current)
            {
                var line = Read(file, reader, row, members);
                if (keepRows)
                    line = line with { Row = row.Bytes.ToArray() };
                batch.Add(line);
                bytes += row.Bytes.Length;
                if (batch.Count < RowsTogether && bytes < BytesTogether)
                    continue;
                yield return batch;
                batch = new List<Line>(RowsTogether);
                bytes = 0;
            }
        }
        yield return batch;
    }

    // A file that cannot be read on ends the import; what stands before that has been taken.
    async Task<bool> Next(IAsyncEnumerator<IReadOnlyList<Row>> rows)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (FileRefused refused)
        {
            report.Stopped = (refused.Line, new Refusal(refused.Code, refused.Message));
        }
        catch (InvalidDataException)
        {
            // Which line that is cannot be told: what could not be unpacked has none.
            report.Stopped = (
                null,
                new Refusal(
                    "file.unreadable",
                    "The gzip file is damaged or was cut off, and cannot be unpacked to its end."
                )
            );
        }
        return false;
    }

    static Line Read(RegisterFile file, RegisterLine reader, Row row, List<Member> members)
    {
        if (file.Members(row, members) is { } fault)
            return new Line(row.Line, null, Unreadable(fault), Doubts.None);
        var refusal = reader.Read(members, out var vehicle);
        return new Line(row.Line, vehicle, refusal, reader.Doubts);
    }

    // The readers' codes are of files and rows; here all of them are of the row.
    static Refusal Unreadable(Fault fault) => new("row." + fault.Code[(fault.Code.IndexOf('.') + 1)..], fault.Message);

    async Task Save(
        List<Line> batch,
        RegisterFile file,
        LinesSeen seen,
        RefusedLines? refused,
        Action<ImportProgress>? progress,
        CancellationToken cancel
    )
    {
        var first = batch
            .Where(line => line.Vehicle is { } vehicle && seen.Add(line.Number, vehicle.Mark))
            .ToDictionary(line => line.Number, line => line.Vehicle!);
        var outcomes = new Dictionary<int, Taken?>(batch.Count);
        await using (var transaction = await store.Begin(cancel))
        {
            var records = new VehicleRecords(transaction);
            var taken = await records.Take([.. first.Values], cancel);
            foreach (var line in batch)
                if (line.Vehicle is { } vehicle)
                    outcomes[line.Number] =
                        first.ContainsKey(line.Number) ? taken[vehicle.Mark]
                        // A mark that is doubled is rare, so each is asked for alone.
                        : await records.HasSame(vehicle) ? Taken.Unchanged
                        : null;
            await transaction.Commit();
        }

        // Counted only now: a batch that was not committed has done nothing.
        foreach (var line in batch)
        {
            var refusal =
                line.Refusal
                ?? outcomes[line.Number] switch
                {
                    null => Doubled,
                    Taken.LeftToNotice => ChangedByNotice,
                    _ => null,
                };
            if (refusal is null)
                report.Count(line.Number, outcomes[line.Number]!.Value, line.Doubts);
            else
                report.Refuse(line.Number, refusal, line.Doubts);
            if (refused is not null && refusal is not null)
                await refused.Write(file.Header, line.Row, refusal);
        }
        if (refused is not null && batch.Count > 0 && file.Header is { } header)
            await refused.WriteHeader(header);
        progress?.Invoke(new ImportProgress("Importing", file.Share, report.Read));
    }

    /// <summary>
    /// Asks the register, after everything is committed, for each vehicle that was taken: a count of our own would only
    /// repeat our own mistake. The same question finds the VINs that more vehicles than one have, wherever those came from.
    /// </summary>
    async Task LookAgain(LinesSeen seen, Action<ImportProgress>? progress, CancellationToken cancel)
    {
        await using var connection = await store.Open(cancel);
        var lines = 0L;
        foreach (var chunk in seen.Chunks(RowsTogether))
        {
            var found = await VehicleRecords.Present(store, connection, chunk.Keys);
            report.NotFound += chunk.Count - found.Count;
            foreach (
                var line in found.Where(vehicle => vehicle.SharesVin).Select(vehicle => chunk[vehicle.Mark]).Order()
            )
                report.Doubt(line, Doubts.SharedVin);
            lines += chunk.Count;
            progress?.Invoke(new ImportProgress("Checking", (double)lines / Math.Max(report.Read, 1), lines));
        }
    }

    /// <summary>A line of the file: a vehicle, or why it is none. The row itself is kept where it may have to be written out.</summary>
    sealed record Line(int Number, ImportedVehicle? Vehicle, Refusal? Refusal, Doubts Doubts)
    {
        public ReadOnlyMemory<byte> Row { get; init; }
    }
}
