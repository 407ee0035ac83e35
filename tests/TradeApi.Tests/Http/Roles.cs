using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TradeApi.Submissions;

namespace TradeApi.Tests.Http;

/// <summary>What a process answers by its roles, and while it leaves.</summary>
public class Roles
{
    [Theory]
    [InlineData("Roles", "clerk")]
    [InlineData("Roles", "")]
    // SQLite has one node.
    [InlineData("Roles", "worker")]
    [InlineData("LeaveSeconds", "soon")]
    [InlineData("LeaveSeconds", "21")]
    public void A_setting_that_cannot_be_is_refused_by_its_name(string name, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create($"TradeApi:{name}", (string?)value)])
            .Build();

        var refused = Assert.Throws<InvalidOperationException>(() => Settings.From(configuration));

        Assert.Contains($"TradeApi__{name}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_alone_answers_for_its_health_and_for_nothing_else()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await using var worker = await host.StartSecondNode("--TradeApi:Roles=worker");
        using var http = new HttpClient { BaseAddress = worker.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync("oauth2/token", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("v1/submissions")).StatusCode);
        Assert.Contains(worker.Services.GetServices<IHostedService>(), service => service is SubmissionWorker);
    }

    [Fact]
    public async Task An_API_alone_decides_no_files()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await using var api = await host.StartSecondNode("--TradeApi:Roles=api");
        using var http = new HttpClient { BaseAddress = api.Address };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("health")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("v1/submissions")).StatusCode);
        Assert.DoesNotContain(api.Services.GetServices<IHostedService>(), service => service is SubmissionWorker);
    }

    [Fact]
    public async Task A_node_that_leaves_says_so_while_it_still_answers()
    {
        await using var host = await TradeApiHost.Start("postgres");
        await using var node = await host.StartSecondNode("--TradeApi:LeaveSeconds=2");
        using var http = new HttpClient { BaseAddress = node.Address };
        Assert.NotEqual(true, (await http.GetAsync("v1/submissions")).Headers.ConnectionClose);

        var stopping = node.Stop();
        using var health = await http.GetAsync("health");
        using var answer = await http.GetAsync("v1/submissions");
        await stopping;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("health"));
    }
}
