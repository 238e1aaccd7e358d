using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// The values of a request as types: one spelling of each value, and a 400 that names the value's
/// place and never repeats it.
/// </summary>
public sealed class TypedValuesTests
{
    [TestCase("0", 0)]
    [TestCase("5", 5)]
    [TestCase("-5", -5)]
    [TestCase("007", 7)]
    [TestCase("2147483647", int.MaxValue)]
    [TestCase("-2147483648", int.MinValue)]
    public void A_whole_number_is_digits_with_an_optional_minus(string text, int expected) =>
        Assert.That(Query($"n={text}").Get<int>("n"), Is.EqualTo(expected));

    [TestCase("%205")]
    [TestCase("5%20")]
    [TestCase("%095")]
    [TestCase("%2B5", Description = "a plus")]
    [TestCase("+5", Description = "a plus is a space")]
    [TestCase("1,000")]
    [TestCase("1.0")]
    [TestCase("1e3")]
    [TestCase("0x5")]
    [TestCase("--5")]
    [TestCase("-")]
    [TestCase("5-")]
    [TestCase("(5)")]
    [TestCase("five")]
    [TestCase("2147483648", Description = "one beyond the type")]
    [TestCase("-2147483649")]
    [TestCase("%EF%BC%95", Description = "a full-width 5")]
    [TestCase("%D9%A5", Description = "an Arabic-Indic 5")]
    [TestCase("%E2%88%925", Description = "the minus of mathematics")]
    public void Another_spelling_of_a_whole_number_is_400_and_is_not_repeated(string text)
    {
        QueryValues query = Query($"page={text}");
        var error = Assert.Throws<HttpException>(() => query.Get<int>("page"))!;

        Assert.That(error.Status, Is.EqualTo(400));
        Assert.That(
            error.Detail, Is.EqualTo("The query parameter 'page' is not a valid Int32."));
        Assert.That(query.TryGet("page", out int _), Is.False);
        Assert.That(() => query.Get("page", 1), Throws.TypeOf<HttpException>());
        Assert.That(() => query.GetAll<int>("page"), Throws.TypeOf<HttpException>());
    }

    [TestCase("1.5", 1.5)]
    [TestCase("-0.25", -0.25)]
    [TestCase("1e3", 1000)]
    [TestCase("1.5E-1", 0.15)]
    [TestCase("2e%2B2", 200)]
    public void A_real_number_may_have_a_point_and_an_exponent(string text, double expected) =>
        Assert.That(Query($"n={text}").Get<double>("n"), Is.EqualTo(expected));

    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    [TestCase("1e999", Description = "overflows to infinity")]
    [TestCase("1,5")]
    [TestCase(".5")]
    [TestCase("5.")]
    [TestCase("1e")]
    [TestCase("1e5.5")]
    [TestCase("%E2%88%9E")]
    public void What_is_no_finite_number_is_refused(string text)
    {
        Assert.That(() => Query($"n={text}").Get<double>("n"), Throws.TypeOf<HttpException>());
        Assert.That(() => Query($"n={text}").Get<float>("n"), Throws.TypeOf<HttpException>());
        Assert.That(() => Query($"n={text}").Get<Half>("n"), Throws.TypeOf<HttpException>());
    }

    [Test]
    public void A_decimal_keeps_its_digits_and_has_no_separators()
    {
        Assert.That(Query("n=12.340").Get<decimal>("n"), Is.EqualTo(12.340m));
        Assert.That(() => Query("n=1,234").Get<decimal>("n"), Throws.TypeOf<HttpException>());
    }

    [Test]
    public void A_number_of_1024_characters_is_read_and_one_more_is_refused()
    {
        string digits = new('9', 1024);

        Assert.That(
            Query($"n={digits}").Get<BigInteger>("n"), Is.EqualTo(BigInteger.Pow(10, 1024) - 1));
        Assert.That(
            () => Query($"n={digits}9").Get<BigInteger>("n"), Throws.TypeOf<HttpException>());
    }

    [TestCase("true", true)]
    [TestCase("false", false)]
    [TestCase("True", true)]
    [TestCase("FALSE", false)]
    [TestCase("1", true)]
    [TestCase("0", false)]
    public void A_Boolean_is_a_word_or_a_digit(string text, bool expected) =>
        Assert.That(Query($"b={text}").Get<bool>("b"), Is.EqualTo(expected));

    [TestCase("yes")]
    [TestCase("on")]
    [TestCase("2")]
    [TestCase("01")]
    [TestCase("%20true")]
    [TestCase("true%00")]
    public void Another_word_is_no_Boolean(string text) => Assert.That(
        () => Query($"b={text}").Get<bool>("b"), Throws.InstanceOf<Exception>());

    [Test]
    public void Dates_and_times_are_those_of_RFC_3339()
    {
        QueryValues query = Query(
            "day=2026-12-01&time=23:05&exact=23:05:07.5&local=2026-12-01T23:05"
            + "&utc=2026-12-01T23:05:07Z&east=2026-12-01T23:05:07.25%2B02:00"
            + "&span=1.02:03:04&short=00:00:01.5");

        Assert.That(query.Get<DateOnly>("day"), Is.EqualTo(new DateOnly(2026, 12, 1)));
        Assert.That(query.Get<TimeOnly>("time"), Is.EqualTo(new TimeOnly(23, 5)));
        Assert.That(query.Get<TimeOnly>("exact"), Is.EqualTo(new TimeOnly(23, 5, 7, 500)));
        Assert.That(query.Get<DateTime>("local"), Is.EqualTo(
            new DateTime(2026, 12, 1, 23, 5, 0, DateTimeKind.Unspecified)));
        Assert.That(query.Get<DateTimeOffset>("utc"), Is.EqualTo(
            new DateTimeOffset(2026, 12, 1, 23, 5, 7, TimeSpan.Zero)));
        Assert.That(query.Get<DateTimeOffset>("east"), Is.EqualTo(
            new DateTimeOffset(2026, 12, 1, 23, 5, 7, 250, TimeSpan.FromHours(2))));
        Assert.That(query.Get<TimeSpan>("span"), Is.EqualTo(new TimeSpan(1, 2, 3, 4)));
        Assert.That(query.Get<TimeSpan>("short"), Is.EqualTo(TimeSpan.FromSeconds(1.5)));
    }

    [TestCase("12/01/2026")]
    [TestCase("2026-12-1")]
    [TestCase("2026-02-30")]
    [TestCase("20261201")]
    [TestCase("2026-12-01%20")]
    [TestCase("December 1, 2026")]
    public void Another_spelling_of_a_date_is_refused(string text) => Assert.That(
        () => Query($"d={text}").Get<DateOnly>("d"), Throws.TypeOf<HttpException>());

    [TestCase("2026-12-01T23:05:07", Description = "whose time is it?")]
    [TestCase("2026-12-01 23:05:07Z")]
    [TestCase("2026-12-01")]
    [TestCase("2026-12-01T24:00:00Z")]
    public void A_moment_without_an_offset_is_refused(string text) => Assert.That(
        () => Query($"d={text}").Get<DateTimeOffset>("d"), Throws.TypeOf<HttpException>());

    [TestCase("2026-12-01T23:05:07Z")]
    [TestCase("2026-12-01T23:05:07%2B01:00")]
    [TestCase("2026-12-01")]
    public void A_local_time_has_no_offset(string text) => Assert.That(
        () => Query($"d={text}").Get<DateTime>("d"), Throws.TypeOf<HttpException>());

    [TestCase("5", Description = ".NET reads five days")]
    [TestCase("25:00:00")]
    [TestCase("-01:00:00")]
    [TestCase("01:00")]
    public void Another_spelling_of_a_time_span_is_refused(string text) => Assert.That(
        () => Query($"d={text}").Get<TimeSpan>("d"), Throws.TypeOf<HttpException>());

    [Test]
    public void A_Guid_has_hyphens_and_no_braces()
    {
        var id = Guid.Parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"); // RFC 4122 3

        Assert.That(
            Query("id=F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6").Get<Guid>("id"), Is.EqualTo(id));
        foreach (string format in new[] { "N", "B", "P", "X" })
        {
            string text = id.ToString(format, CultureInfo.InvariantCulture);
            Assert.That(
                Query($"id={Uri.EscapeDataString(text)}").TryGet("id", out Guid _), Is.False);
        }

        Assert.That(
            Query("id=0xf81d4f-7dec-11d0-a765-00a0c91e6bf6").TryGet("id", out Guid _), Is.False);
    }

    [Test]
    public void A_type_of_a_program_parses_itself()
    {
        Assert.That(
            Query("ip=192.0.2.1").Get<IPAddress>("ip"), Is.EqualTo(IPAddress.Parse("192.0.2.1")));
        Assert.That(
            () => Query("ip=192.0.2.1%20").Get<IPAddress>("ip"), Throws.TypeOf<HttpException>());
    }

    [TestCase("friday", DayOfWeek.Friday)]
    [TestCase("MONDAY", DayOfWeek.Monday)]
    public void A_member_of_an_enum_is_named(string text, DayOfWeek expected)
    {
        Assert.That(Query($"d={text}").GetEnum<DayOfWeek>("d"), Is.EqualTo(expected));
        Assert.That(Query("").GetEnum("d", DayOfWeek.Sunday), Is.EqualTo(DayOfWeek.Sunday));
    }

    [TestCase("1")]
    [TestCase("-1")]
    [TestCase("99")]
    [TestCase("monday,friday")]
    [TestCase("monday%20")]
    [TestCase("someday")]
    public void A_number_or_a_list_is_no_member(string text) => Assert.That(
        () => Query($"d={text}").GetEnum<DayOfWeek>("d"),
        Throws.TypeOf<HttpException>().With.Property("Detail")
            .EqualTo("The query parameter 'd' is not a valid DayOfWeek."));

    [Test]
    public void A_missing_value_is_400_or_the_fallback_and_an_empty_one_is_missing()
    {
        foreach (string query in new[] { "", "n=", "n", "m=1" })
        {
            Assert.That(
                () => Query(query).Get<int>("n"),
                Throws.TypeOf<HttpException>().With.Property("Detail")
                    .EqualTo("The query parameter 'n' is missing."));
            Assert.That(Query(query).Get("n", 7), Is.EqualTo(7));
            Assert.That(Query(query).TryGet("n", out int _), Is.False);
        }
    }

    [Test]
    public void A_string_is_what_was_sent_even_if_it_is_empty()
    {
        Assert.That(Query("s=").Get<string>("s"), Is.Empty);
        Assert.That(Query("s=").Get("s", "x"), Is.Empty);
        Assert.That(Query("s=+a+").Get<string>("s"), Is.EqualTo(" a "));
        Assert.That(Query("").Get("s", "x"), Is.EqualTo("x"));
        Assert.That(() => Query("").Get<string>("s"), Throws.TypeOf<HttpException>());
    }

    [Test]
    public void The_first_value_counts_and_all_can_be_had()
    {
        QueryValues query = Query("id=3&x=0&id=1&id=&id=2");

        Assert.That(query.Get<int>("id"), Is.EqualTo(3));
        Assert.That(query.GetAll<int>("id"), Is.EqualTo(new[] { 3, 1, 2 }), "empty is missing");
        Assert.That(query.GetAll<string>("id"), Is.EqualTo(new[] { "3", "1", "", "2" }));
        Assert.That(query.GetAll<int>("none"), Is.Empty);
        Assert.That(
            () => Query("id=3&id=x").GetAll<int>("id"), Throws.TypeOf<HttpException>());
    }

    [Test]
    public void Each_kind_of_value_is_named_in_the_response()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/path/{id}", r => Response.Text($"{r.MatchInfo.Get<int>("id")}"));
            app.OnGet("/day/{day}", r => Response.Text($"{r.MatchInfo.GetEnum<DayOfWeek>("day")}"));
            app.OnGet("/query", r => Response.Text($"{r.Query.Get<int>("id")}"));
            app.OnGet("/header", r => Response.Text($"{r.Headers.Get<int>("X-Id")}"));
            app.OnGet("/cookie", r => Response.Text($"{r.Cookies.Get<int>("id")}"));
        });

        AssertBad("/path/evil", "", "path parameter 'id' is not a valid Int32");
        AssertBad("/day/evil", "", "path parameter 'day' is not a valid DayOfWeek");
        AssertBad("/query?id=evil", "", "query parameter 'id' is not a valid Int32");
        AssertBad("/header", "X-Id: evil\r\n", "header field 'X-Id' is not a valid Int32");
        AssertBad("/header", "", "header field 'X-Id' is missing");
        AssertBad("/cookie", "Cookie: id=evil\r\n", "cookie 'id' is not a valid Int32");
        AssertBad("/cookie", "", "cookie 'id' is missing");
        Assert.That(server.Log.Exceptions, Is.Empty, "the client's fault is no error of ours");

        foreach ((string target, string fields) in new[]
        {
            ("/path/12", ""), ("/query?id=12", ""), ("/header", "X-Id: 12\r\n"),
            ("/cookie", "Cookie: a=b; id=12\r\n"),
        })
        {
            Assert.That(Ask(target, fields).Text, Is.EqualTo("12"));
        }

        RawAnswer Ask(string target, string fields) =>
            server.Ask($"GET {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n");

        void AssertBad(string target, string fields, string detail)
        {
            RawAnswer answer = Ask(target, fields);
            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Text, Does.Contain(detail).And.Not.Contain("evil"));
        }
    }

    [Test]
    public void A_name_that_the_pattern_does_not_have_is_an_error_of_the_program()
    {
        Assert.That(
            () => default(MatchInfo).Get<int>("id"),
            Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
                "The route has no parameter 'id'; it has none."));
        Assert.That(
            () => new MatchInfo(["id", "page"], ["1", "2"])["ID"],
            Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
                "The route has no parameter 'ID'; it has 'id', 'page'."));
        Assert.That(
            () => default(MatchInfo).TryGet("id", out int _),
            Throws.TypeOf<KeyNotFoundException>());
    }

    private static QueryValues Query(string query) =>
        QueryValues.Parse(Encoding.ASCII.GetBytes(query.Replace(" ", "%20")), 100);

}
