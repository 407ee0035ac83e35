using Dapper;
using TradeApi.Database;
using TradeApi.Organisations;
using TradeApi.Rules;
using TradeApi.Rules.Values;
using TradeApi.Submissions.Reading;

namespace TradeApi.Vehicles;

/// <summary>
/// Takes in the certificates that give the right to a mark, from a CSV file with the columns <c>certificateNumber</c>,
/// <c>registrationNumber</c> and <c>expiresOn</c>. A certificate that is there gets the mark and the day of the file, as
/// long as it has not been used.
/// </summary>
sealed class CertificateImport(Store store, TimeProvider clock)
{
    static readonly string[] Columns = ["certificateNumber", "registrationNumber", "expiresOn"];

    public async Task<ImportReport> Run(Stream file, CancellationToken cancel)
    {
        var report = new ImportReport();
        var reader = new CsvRowReader(
            Columns,
            new ReadLimits(Rows: int.MaxValue, Bytes: long.MaxValue, RowBytes: 64 * 1024, RowsInOtherEncodings: true)
        );
        var members = new List<Member>();
        var today = LondonDate.Of(clock.Now());
        try
        {
            await foreach (var batch in reader.Read(file, cancel))
            {
                await using var transaction = await store.Begin(cancel);
                foreach (var row in batch)
                {
                    var fault = row.Fault ?? CsvRow.Read(row.Bytes.Span, reader.Header!, members);
                    if (fault is not null)
                        report.Refuse($"line {row.Line}: {fault.Message}");
                    else
                        await Save(transaction, row.Line, members, today, report);
                }
                await transaction.Commit();
            }
        }
        catch (FileRefused refused)
        {
            report.Refuse($"line {refused.Line ?? 1}: {refused.Message} Nothing from here on was read.");
        }
        return report;
    }

    static async Task Save(Transaction transaction, int line, List<Member> members, DateOnly today, ImportReport report)
    {
        string Cell(string column) => members.Find(member => member.Path == column).Text ?? "";
        var number = CertificateNumber.Read(Cell("certificateNumber"));
        var mark = RegistrationNumber.Read(Cell("registrationNumber"), today);
        var expires = LondonDate.Read(Cell("expiresOn"));
        foreach (
            var (column, fault) in new[]
            {
                ("certificateNumber", number.Fault),
                ("registrationNumber", mark.Fault),
                ("expiresOn", expires.Fault),
            }
        )
        {
            if (fault is null)
                continue;
            report.Refuse($"line {line}: {column}: {fault.Message}");
            return;
        }
        await transaction.Connection.ExecuteAsync(
            """
            insert into mark_certificate (certificate_number, registration_number, expires_on)
            values (@Number, @Mark, @ExpiresOn)
                on conflict (certificate_number) do update
               set registration_number = excluded.registration_number,
                   expires_on = excluded.expires_on
             where mark_certificate.used_by is null
            """,
            new
            {
                Number = number.Value.Text,
                Mark = mark.Value.Text,
                ExpiresOn = expires.Value,
            },
            transaction.Inner
        );
        report.Loaded++;
    }
}
