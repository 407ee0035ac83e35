using System.Globalization;
using System.Text.Json.Nodes;

namespace TradeApi.Tests.KeeperChanges;

/// <summary>One notice by HTTP: how each outcome is answered, and that it can be read again.</summary>
public class SingleNotices(Hosts hosts) : IClassFixture<Hosts>
{
    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task An_accepted_notice_answers_201_with_its_place_and_its_receipt(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var notice = Notices.Disposal(vehicle);

        var reply = await partner.Send(notice);

        Assert.Equal(201, reply.Status);
        var id = reply.String("id")!;
        Assert.Equal($"/v1/keeper-changes/{id}", reply.Header("Location"));
        Assert.StartsWith("kc_", id, StringComparison.Ordinal);
        Assert.Equal("accepted", reply.String("outcome"));
        Assert.Equal("disposalToTrade", reply.String("type"));
        Assert.Equal("sandbox", reply.String("environment"));
        Assert.Equal((string)notice["clientReference"]!, reply.String("clientReference"));
        Assert.Equal("org_dealer1", reply.String("submittedBy"));
        Assert.Equal("org_dealer1", reply.String("onBehalfOf"));
        Assert.Equal(vehicle.Mark, reply.String("registrationNumber"));
        Assert.Equal("2026-11-20", reply.String("eventDate"));
        Assert.Empty(reply.Json["findings"]!.AsArray());
        var receipt = reply.Json["receipt"]!;
        Assert.Equal($"/v1/keeper-changes/{id}/receipt", (string)receipt["href"]!);
        Assert.Matches("^S-[0-9]{10}$", (string)receipt["reference"]!);
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.StartsWith("req_", reply.Header("Request-Id")!, StringComparison.Ordinal);
        Assert.Equal(reply.Text, (await partner.Get($"/v1/keeper-changes/{id}")).Text);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task C179_a_late_notice_keeps_its_event_date_beside_the_day_of_receipt(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);

        var reply = await partner.Send(Notices.Disposal(await host.AddVehicle(), date: "2026-11-18"));

        Assert.Equal("2026-11-18", reply.String("eventDate"));
        Assert.StartsWith("2026-11-25T12:", reply.String("receivedAt")!, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_refused_notice_answers_422_with_every_finding_of_the_step_and_can_be_read(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices
            .Disposal(await host.AddVehicle(), date: "2026-11-26")
            .With("keeperConsent", false)
            .With("documentReferenceNumber", "123")
            .With("colour", "blue");

        var reply = await partner.Send(notice);

        Assert.Equal(422, reply.Status);
        Assert.Equal("application/problem+json", reply.ContentHeaders.ContentType!.MediaType);
        Assert.Equal("keeper-change.refused", reply.String("code"));
        Assert.Equal("notApplied", reply.String("outcome"));
        Assert.Equal(reply.Header("Request-Id"), reply.String("requestId"));
        Assert.Equal(
            ["consent.keeper", "date.in-future", "document-reference.format", "field.unknown"],
            reply.Codes.Order(StringComparer.Ordinal)
        );
        var findings = reply.Json["findings"]!.AsArray();
        Assert.All(findings, finding => Assert.Equal("refuse", (string)finding!["severity"]!));
        Assert.All(findings, finding => Assert.NotEmpty((string)finding!["message"]!));
        Assert.Equal(
            ["/colour", "/documentReferenceNumber", "/eventDate", "/keeperConsent"],
            findings.Select(finding => (string)finding!["pointer"]!).Order(StringComparer.Ordinal)
        );
        var kept = await partner.Get(reply.String("instance")!);
        Assert.Equal(200, kept.Status);
        Assert.Equal("refused", kept.String("outcome"));
        Assert.Equal(reply.Codes, kept.Codes);
        Assert.Null(kept.Json["receipt"]);
        Assert.Equal(404, (await partner.Get(reply.String("instance") + "/receipt")).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Every_answer_says_how_long_it_is_so_that_none_is_taken_for_whole_that_was_cut_off(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var accepted = await partner.Send(Notices.Disposal(await host.AddVehicle()));

        Reply[] answers =
        [
            accepted,
            await partner.Send(Notices.Disposal(await host.AddVehicle()).With("keeperConsent", false)),
            await partner.Get($"/v1/keeper-changes/{accepted.String("id")}"),
            await partner.Get("/v1/events?limit=2"),
            await partner.Get("/v1/reason-codes"),
            await partner.Get("/v1/nowhere"),
        ];

        Assert.Equal([201, 422, 200, 200, 200, 404], answers.Select(answer => answer.Status));
        Assert.All(
            answers,
            answer =>
                Assert.Equal(
                    answer.Bytes.Length.ToString(CultureInfo.InvariantCulture),
                    answer.Header("Content-Length")
                )
        );
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_notice_refused_for_want_of_authority_alone_answers_403(string database)
    {
        var host = await hosts.On(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var vendor = await hosts.Partner(database, "org_vendor");

        var withoutMandate = await vendor.Send(notice.With("onBehalfOf", "org_dealer3"));
        Assert.Equal(403, withoutMandate.Status);
        Assert.Equal("keeper-change.not-authorised", withoutMandate.String("code"));
        Assert.Equal(["authority.mandate-missing"], withoutMandate.Codes);

        var beyondMandate = await vendor.Send(
            Notices.Acquisition(await host.AddVehicle("inTrade", "org_dealer2"), onBehalfOf: "org_dealer2")
        );
        Assert.Equal(403, beyondMandate.Status);
        Assert.Equal(["authority.mandate-scope"], beyondMandate.Codes);

        var ofAnotherKind = await (await hosts.Partner(database, "org_insurer")).Send(notice);
        Assert.Equal(403, ofAnotherKind.Status);
        Assert.Equal(["authority.event-type"], ofAnotherKind.Codes);

        var notOnlyAuthority = await vendor.Send(notice.With("onBehalfOf", "org_dealer3").With("keeperConsent", false));
        Assert.Equal(422, notOnlyAuthority.Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_referred_notice_answers_202_with_a_receipt_and_no_reason(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);

        var reply = await partner.Send(Notices.Disposal(await host.AddVehicle(stolen: true)));

        Assert.Equal(202, reply.Status);
        Assert.Equal("referred", reply.String("outcome"));
        Assert.Equal(["referred.register-check"], reply.Codes);
        Assert.DoesNotContain("stolen", reply.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal($"/v1/keeper-changes/{reply.String("id")}", reply.Header("Location"));
        Assert.NotNull(reply.Json["receipt"]);
        Assert.Equal(200, (await partner.Get((string)reply.Json["receipt"]!["href"]!)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Unknown_marks_and_wrong_documents_are_told_apart_by_nothing(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle(stolen: true);

        var wrong = await partner.Send(
            Notices.Disposal(vehicle, "SAME").With("documentReferenceNumber", "99999999999")
        );
        var unknown = await partner.Send(Notices.Disposal(vehicle, "SAME").With("registrationNumber", "HH20HHH"));

        Assert.Equal(["vehicle.not-matched"], wrong.Codes);
        Assert.Equal(wrong.Json["findings"]!.ToJsonString(), unknown.Json["findings"]!.ToJsonString());
        Assert.Equal((wrong.Status, wrong.String("detail")), (unknown.Status, unknown.String("detail")));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task Validating_answers_200_whatever_the_verdict_and_writes_nothing(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var vehicle = await host.AddVehicle();
        var taken = Notices.Disposal(await host.AddVehicle());
        Assert.Equal(201, (await partner.Send(taken)).Status);
        (JsonObject Notice, string Outcome, string[] Codes)[] cases =
        [
            (Notices.Disposal(vehicle), "accepted", []),
            (Notices.Disposal(vehicle).With("keeperConsent", false), "refused", ["consent.keeper"]),
            (Notices.Disposal(await host.AddVehicle(stolen: true)), "referred", ["referred.register-check"]),
            (taken, "duplicate", []),
            (taken.With("eventDate", "2026-11-19"), "refused", ["duplicate.reference-reused"]),
            (Notices.Disposal(vehicle).With("onBehalfOf", "org_dealer2"), "refused", ["authority.mandate-missing"]),
        ];
        var before = await host.CountRows();

        foreach (var (notice, outcome, codes) in cases)
        {
            var reply = await partner.Validate(notice);
            Assert.Equal((200, outcome), (reply.Status, reply.String("outcome")));
            Assert.Equal(codes, reply.Codes);
        }

        Assert.Equal(400, (await partner.Validate("{")).Status);
        Assert.Equal(before, await host.CountRows());
        Assert.Equal(201, (await partner.Send(cases[0].Notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_notice_is_read_by_its_sender_and_by_the_organisation_acted_for_and_by_nobody_else(
        string database
    )
    {
        var host = await hosts.On(database);
        var vendor = await hosts.Partner(database, "org_vendor");

        var sent = await vendor.Send(Notices.Disposal(await host.AddVehicle(), onBehalfOf: "org_dealer1"));

        Assert.Equal(201, sent.Status);
        Assert.Equal(("org_vendor", "org_dealer1"), (sent.String("submittedBy"), sent.String("onBehalfOf")));
        var path = sent.Header("Location")!;
        foreach (var reader in new[] { vendor, await hosts.Partner(database) })
        {
            Assert.Equal(sent.Text, (await reader.Get(path)).Text);
            Assert.Equal(200, (await reader.Get(path + "/receipt")).Status);
        }
        var other = await hosts.Partner(database, "org_dealer2");
        Assert.Equal(404, (await other.Get(path)).Status);
        Assert.Equal(404, (await other.Get(path + "/receipt")).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_reference_sent_again_under_a_new_key_answers_as_the_first_time(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        foreach (var (stolen, status) in new[] { (false, 201), (true, 202) })
        {
            var vehicle = await host.AddVehicle(stolen: stolen);
            var notice = Notices.Disposal(vehicle);
            var first = await partner.Send(notice);
            Assert.Equal(status, first.Status);

            var written = notice.With("registrationNumber", vehicle.Mark.ToLowerInvariant().Insert(4, " "));
            var again = await partner.Send(written);

            Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
            Assert.Equal(first.Header("Location"), again.Header("Location"));
            Assert.Null(again.Header("Idempotency-Replayed"));
        }
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_reference_with_other_content_answers_409_with_the_notice_that_stands(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var first = await partner.Send(notice);
        var key = Partner.NewKey();

        var other = await partner.Send(notice.With("mileage", 12), key);

        Assert.Equal(409, other.Status);
        Assert.Equal("duplicate.reference-reused", other.String("code"));
        Assert.Equal(["duplicate.reference-reused"], other.Codes);
        Assert.Equal(first.String("id"), other.String("existing"));
        Assert.NotEqual(first.Header("Location"), other.String("instance"));
        var replayed = await partner.Send(notice.With("mileage", 12), key);
        Assert.Equal("true", replayed.Header("Idempotency-Replayed"));
        Assert.Equal(first.String("id"), replayed.String("existing"));
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_reference_of_a_refused_notice_is_free_again(string database)
    {
        var host = await hosts.On(database);
        var partner = await hosts.Partner(database);
        var notice = Notices.Disposal(await host.AddVehicle());

        Assert.Equal(422, (await partner.Send(notice.With("keeperConsent", false))).Status);
        Assert.Equal(201, (await partner.Send(notice)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task The_same_reference_of_another_organisation_is_another_reference(string database)
    {
        var host = await hosts.On(database);
        var notice = Notices.Disposal(await host.AddVehicle());
        var other = Notices.Disposal(await host.AddVehicle(), (string)notice["clientReference"]!);

        Assert.Equal(201, (await (await hosts.Partner(database)).Send(notice)).Status);
        Assert.Equal(201, (await (await hosts.Partner(database, "org_dealer2")).Send(other)).Status);
    }

    [Theory]
    [ClassData(typeof(OnBothDatabases))]
    public async Task A_certificate_of_destruction_has_a_number_of_twelve_digits(string database)
    {
        var host = await hosts.On(database);
        var facility = await hosts.Partner(database, "org_atf");

        var first = await facility.Send(Notices.Destruction(await host.AddVehicle()));
        var second = await facility.Send(Notices.Destruction(await host.AddVehicle()));

        Assert.Matches("^[0-9]{12}$", first.String("certificateNumber")!);
        Assert.Matches("^[0-9]{12}$", second.String("certificateNumber")!);
        Assert.NotEqual(first.String("certificateNumber"), second.String("certificateNumber"));
        Assert.Equal(first.Text, (await facility.Get(first.Header("Location")!)).Text);
    }
}
