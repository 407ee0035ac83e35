using Dapper;
using Microsoft.Data.Sqlite;

namespace TradeApi.Tests.Register;

/// <summary>What a column may say is checked by the database, for each row that is written: it must cost next to nothing.</summary>
public class Checks
{
    [Fact]
    public async Task No_check_of_a_row_makes_SQLite_build_a_table_first()
    {
        await using var host = await TradeApiHost.Start("sqlite");
        await using var register = await host.Stores.Sandbox.Open();
        var tables = (
            await register.QueryAsync<string>("select name from sqlite_schema where type = 'table' order by name")
        ).AsList();
        Assert.Contains("vehicle", tables);
        Assert.Contains("keeper_change", tables);
        foreach (var table in tables)
        {
            var steps = await register.QueryAsync($"explain insert into {table} default values");
            Assert.DoesNotContain(steps, step => step.opcode == "OpenEphemeral");
        }
    }

    [Theory]
    [InlineData("vehicle", "state", "withKeeper inTrade withInsurer keeperDeceased exported destroyed")]
    [InlineData("vehicle", "salvage_category", "A B S N")]
    [InlineData("keeper_change", "outcome", "accepted refused referred")]
    [InlineData("submission", "state", "receiving processing completed cancelled failed")]
    [InlineData("submission", "format", "ndjson csv json")]
    [InlineData("submission_result", "outcome", "accepted refused referred duplicate")]
    [InlineData("mandate", "state", "offered active ended declined lapsed")]
    public async Task A_column_takes_its_words_and_no_other(string table, string column, string words)
    {
        await using var host = await TradeApiHost.Start("sqlite");
        await host.ImportSharedOrganisations();
        var dealer = await host.Partner("org_dealer1");
        var disposal = Notices.Disposal(await host.AddVehicle());
        // A row of each table: the second row of the file is a duplicate of the first.
        await dealer.SendFile(Notices.File(disposal, disposal));
        Assert.True(await host.QueryRegister<int>($"select count(*) from {table}") > 0);

        Task Set(string word) => host.ExecuteRegister($"update {table} set {column} = @word", new { word });

        foreach (var word in words.Split(' '))
            await Set(word);
        foreach (var wrong in new[] { "", "sold", words.Split(' ')[0] + "x" })
            Assert.Equal(275, (await Assert.ThrowsAsync<SqliteException>(() => Set(wrong))).SqliteExtendedErrorCode);
    }
}
