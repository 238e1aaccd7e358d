// Checklist lines 1 to 20: message and start line (RFC 9112 2 and 3).
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Testing.RequestCheck;

namespace Reactor.Http.Tests.Protocol;

public sealed class StartLineTests
{
    private const string Host = "Host: a\r\n\r\n";

    [Test]
    public void The_usual_request_is_understood()
    {
        RequestTrace trace = Parse("GET /plaintext?q=1 HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n");
        Assert.That(trace, Is.EqualTo(new RequestTrace
        {
            Status = ParseStatus.Done,
            Consumed = 53,
            Known = KnownMethod.Get,
            Method = "GET",
            Form = TargetForm.Origin,
            Target = "/plaintext?q=1",
            Path = "/plaintext",
            Query = "q=1",
            Authority = "127.0.0.1:8000",
            VersionMinor = 1,
            Fields = "Host: 127.0.0.1:8000\n",
            BodyKind = BodyKind.None,
            ContentLength = -1,
            KeepAlive = true,
        }));
    }

    [TestCase("")]
    [TestCase("G")]
    [TestCase("GET / HTTP/1.1")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r")]
    public void A_part_of_a_request_needs_more(string payload) =>
        Assert.That(Parse(payload).Status, Is.EqualTo(ParseStatus.NeedMore));

    [Test]
    public void H01_octets_are_kept_as_they_are()
    {
        const string Octets = "\u00C3\u00A9\u00FF\u0080";
        RequestTrace trace = Parse($"GET / HTTP/1.1\r\nHost: a\r\nX: {Octets}\r\n\r\n");
        Assert.That(trace.Fields, Is.EqualTo($"Host: a\nX: {Octets}\n"));
    }

    // U+212A and U+017F are letters whose lower and upper case is k and S; here as UTF-8.
    [TestCase("Transfer-Encoding: \u25B8chun\u00E2\u0084\u00AAed", Rejection.CodingInvalid)]
    [TestCase("Connection: \u25B8clo\u00C5\u00BFe", Rejection.ListInvalid)]
    [TestCase("Ho\u25B8\u00C5\u00BFt: b", Rejection.FieldNameInvalid)]
    [TestCase("Content-Length: \u25B8\u00D9\u00A3", Rejection.LengthInvalid)]
    public void H01_only_ASCII_has_cases_and_digits(string line, Rejection reason) =>
        Refused($"POST / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n", reason);

    [TestCase("\u25B8\rGET / HTTP/1.1\r\n" + Host)]
    [TestCase("GE\u25B8\rT / HTTP/1.1\r\n" + Host)]
    [TestCase("GET /\u25B8\rx HTTP/1.1\r\n" + Host)]
    [TestCase("GET / HTTP/1.1\u25B8\rHost: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHo\u25B8\rst: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\u25B8\rX: b\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\u25B8\rX: b\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\u25B8\r\r\n\r\n")]
    public void H02_a_bare_carriage_return_is_refused(string payload) =>
        Refused(payload, Rejection.BareCarriageReturn);

    [TestCase("\u25B8\nGET / HTTP/1.1\r\n" + Host)]
    [TestCase("GET\u25B8\n")]
    [TestCase("GET /\u25B8\n")]
    [TestCase("GET / HTTP/1.1\u25B8\nHost: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\u25B8\nX: b\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost\u25B8\n: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\u25B8\n")]
    public void H03_a_bare_line_feed_ends_no_line(string payload) =>
        Refused(payload, Rejection.BareLineFeed);

    [TestCase("\r\nGET / HTTP/1.1\r\n" + Host, 29)]
    [TestCase("\r\n\r\nGET / HTTP/1.1\r\n" + Host, 31)]
    public void H04_two_empty_lines_before_the_request_are_skipped(string payload, int consumed)
    {
        RequestTrace trace = Parse(payload);
        Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
        Assert.That(trace.Consumed, Is.EqualTo(consumed));
        Assert.That(trace.Method, Is.EqualTo("GET"));
    }

    [Test]
    public void H04_a_third_empty_line_is_refused() =>
        Refused("\r\n\r\n\u25B8\r\nGET / HTTP/1.1\r\n" + Host, Rejection.EmptyLinesTooMany);

    [TestCase("GET / HTTP/1.1\r\n\u25B8 Host: a\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\n\u25B8\tHost: a\r\n\r\n")]
    public void H05_whitespace_before_the_first_field_is_refused(string payload) =>
        Refused(payload, Rejection.WhitespaceBeforeFields);

    [TestCase("\u25B8\0\u0001\u0002")]
    [TestCase("\u25B8{\"a\":1}")]
    [TestCase("\u25B8 GET / HTTP/1.1\r\n")]
    [TestCase("G\u25B8\u00C3T / HTTP/1.1\r\n")]
    [TestCase("GE\u25B8:T / HTTP/1.1\r\n")]
    public void H06_garbage_is_refused_at_its_first_byte(string payload)
    {
        Refused(payload, Rejection.MethodInvalid);
        Assert.That(RejectionTable.Get(Rejection.MethodInvalid).Status, Is.EqualTo(400));
        Assert.That(RejectionTable.Get(Rejection.MethodInvalid).Close);
    }

    [TestCase("GET \u25B8 / HTTP/1.1\r\n")]
    [TestCase("GET\u25B8\t/ HTTP/1.1\r\n")]
    [TestCase("GET /\u25B8\tHTTP/1.1\r\n")]
    [TestCase("GET / \u25B8 HTTP/1.1\r\n")]
    [TestCase("GET / HTTP/1.1\u25B8 \r\n")]
    [TestCase("GET / HTTP/\u25B8 1.1\r\n")]
    [TestCase("GET /a \u25B8\tHTTP/1.1\r\n")]
    public void H07_the_separators_are_one_space_each(string payload) =>
        Refused(payload, Rejection.RequestLineWhitespace);

    [TestCase("GET", KnownMethod.Get)]
    [TestCase("HEAD", KnownMethod.Head)]
    [TestCase("POST", KnownMethod.Post)]
    [TestCase("PUT", KnownMethod.Put)]
    [TestCase("DELETE", KnownMethod.Delete)]
    [TestCase("PATCH", KnownMethod.Patch)]
    [TestCase("OPTIONS", KnownMethod.Options)]
    [TestCase("TRACE", KnownMethod.Trace)]
    [TestCase("get", KnownMethod.Other)]
    [TestCase("Get", KnownMethod.Other)]
    [TestCase("GETS", KnownMethod.Other)]
    [TestCase("GE", KnownMethod.Other)]
    [TestCase("PROPFIND", KnownMethod.Other)]
    [TestCase("!#$%&'*+-.^_`|~09", KnownMethod.Other)]
    public void H08_a_method_is_a_token_and_case_sensitive(string method, KnownMethod known)
    {
        RequestTrace trace = Parse($"{method} / HTTP/1.1\r\n{Host}");
        Assert.That(trace.Known, Is.EqualTo(known));
        Assert.That(trace.Method, Is.EqualTo(method));
    }

    [Test]
    public void H09_a_method_of_the_limit_passes_and_one_more_is_not_implemented()
    {
        string longest = new('M', 32);
        Assert.That(Parse($"{longest} / HTTP/1.1\r\n{Host}").Method, Is.EqualTo(longest));
        Refused($"{longest}\u25B8M / HTTP/1.1\r\n{Host}", Rejection.MethodTooLong);
        Assert.That(RejectionTable.Get(Rejection.MethodTooLong).Status, Is.EqualTo(501));
    }

    [Test]
    public void H09_H10_a_request_line_of_the_limit_passes_and_one_more_is_too_long()
    {
        // "GET " + target + " HTTP/1.1" is 13 bytes longer than the target.
        string target = "/" + new string('x', 8192 - 14);
        Assert.That(Parse($"GET {target} HTTP/1.1\r\n{Host}").Target, Is.EqualTo(target));
        Refused($"GET {target}\u25B8x HTTP/1.1\r\n{Host}", Rejection.TargetTooLong);
        Refused($"GET {target}\u25B8x", Rejection.TargetTooLong);
        Assert.That(RejectionTable.Get(Rejection.TargetTooLong).Status, Is.EqualTo(414));
    }

    [Test]
    public void H10_a_request_line_of_8000_octets_is_accepted()
    {
        string target = "/" + new string('x', 8000 - 14);
        Assert.That(Parse($"GET {target} HTTP/1.1\r\n{Host}").Status, Is.EqualTo(ParseStatus.Done));
    }

    [TestCase('"')]
    [TestCase('<')]
    [TestCase('>')]
    [TestCase('\\')]
    [TestCase('`')]
    [TestCase('{')]
    [TestCase('}')]
    [TestCase('#')]
    [TestCase('\u0080')]
    [TestCase('\u00FF')]
    [TestCase('\0')]
    [TestCase('\u000B')]
    [TestCase('\u001F')]
    [TestCase('\u007F')]
    public void H11_a_byte_that_no_URI_has_is_refused(char b) =>
        Refused($"GET /a\u25B8{b}b HTTP/1.1\r\n{Host}", Rejection.TargetInvalid);

    [Test]
    public void H11_every_byte_that_a_URI_may_have_is_taken()
    {
        const string All = "/!$%&'()*+,-./0189:;=@AZ[]_az~?x=?/";
        RequestTrace trace = Parse($"GET {All} HTTP/1.1\r\n{Host}");
        Assert.That(trace.Target, Is.EqualTo(All));
        Assert.That(trace.Path, Is.EqualTo("/!$%&'()*+,-./0189:;=@AZ[]_az~"));
        Assert.That(trace.Query, Is.EqualTo("x=?/"));
    }

    // Every browser and node's fetch send these as they are: docs/decisions/0008.
    [TestCase("/a|b^c", "/a|b^c", "")]
    [TestCase("/?q=a|b", "/", "q=a|b")]
    [TestCase("/|?{|}^`\\[]", "/|", "{|}^`\\[]")]
    [TestCase("http://a/|?\\", "/|", "\\")]
    public void H11_what_WHATWG_clients_leave_raw_is_taken_as_it_is(
        string target, string path, string query)
    {
        RequestTrace trace = Parse($"GET {target} HTTP/1.1\r\n{Host}");
        Assert.That((trace.Path, trace.Query), Is.EqualTo((path, query)));
    }

    [TestCase('"')]
    [TestCase('<')]
    [TestCase('>')]
    [TestCase('#')]
    [TestCase('\u0080')]
    [TestCase('\0')]
    [TestCase('\u001F')]
    [TestCase('\u007F')]
    public void H11_a_byte_that_no_client_leaves_raw_in_a_query_is_refused(char b) =>
        Refused($"GET /a?b={{\u25B8{b}c HTTP/1.1\r\n{Host}", Rejection.TargetInvalid);

    [TestCase("GET \u25B8a HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8?a=b HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8ftp://a/ HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http: HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http:// HTTP/1.1\r\n" + Host)]
    public void H12_a_target_begins_with_a_slash(string payload) =>
        Refused(payload, Rejection.TargetForm);

    [TestCase("http://a.example:80/p?q", "/p", "q")]
    [TestCase("HTTP://a.example:80/p", "/p", "")]
    [TestCase("https://A.Example:80/", "/", "")]
    [TestCase("http://a.example:80", "/", "")]
    [TestCase("http://a.example:80?q/", "/", "q/")]
    public void H13_the_absolute_form_is_accepted(string target, string path, string query)
    {
        RequestTrace trace = Parse($"GET {target} HTTP/1.1\r\nHost: a.example:80\r\n\r\n");
        Assert.Multiple(() =>
        {
            Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
            Assert.That(trace.Form, Is.EqualTo(TargetForm.Absolute));
            Assert.That(trace.Path, Is.EqualTo(path));
            Assert.That(trace.Query, Is.EqualTo(query));
            Assert.That(trace.Authority, Is.EqualTo("a.example:80"));
        });
    }

    // RFC 9110 4.2.3, RFC 3986 6.2.2 and 6.2.3. What is kept is Host, as it was sent.
    [TestCase("http://a:80/", "a")]
    [TestCase("http://a/", "a:80")]
    [TestCase("http://a:/", "a")]
    [TestCase("http://a/", "a:")]
    [TestCase("http://a:080/", "a:80")]
    [TestCase("https://a:443/", "a")]
    [TestCase("https://a", "a:443")]
    [TestCase("HTTPS://a:/", "a:443")]
    [TestCase("http://A:80/", "a")]
    [TestCase("http://a:8080/", "A:8080")]
    [TestCase("http://%61%2D%4b/", "a-k")]
    [TestCase("http://%c3%A9/", "%C3%a9:80")]
    [TestCase("http://[::A]:80/", "[::a]")]
    [TestCase("http://[::1]/", "[::1]:")]
    [TestCase("http://192.0.2.1:80/", "192.0.2.1")]
    public void H13_equal_authorities_are_the_same(string target, string host) => Assert.That(
        Parse($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").Authority, Is.EqualTo(host));

    [Test]
    public void H13_without_Host_the_authority_is_that_of_the_target() =>
        Assert.That(Parse("GET http://b/ HTTP/1.0\r\n\r\n").Authority, Is.EqualTo("b"));

    [TestCase("GET http://b/ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n")]
    [TestCase("GET http://a:81/ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n")]
    [TestCase("GET http://a:443/ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n")]
    [TestCase("GET https://a:80/ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n")]
    [TestCase("GET https://a/ HTTP/1.1\r\nHost: \u25B8a:80\r\n\r\n")]
    [TestCase("GET http://a:8/ HTTP/1.1\r\nHost: \u25B8a:80\r\n\r\n")]
    [TestCase("GET http://a./ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n")]
    [TestCase("GET http://aa/ HTTP/1.1\r\nHost: \u25B8a:\r\n\r\n")]
    [TestCase("GET http://%21/ HTTP/1.1\r\nHost: \u25B8!\r\n\r\n")]
    [TestCase("GET http://%e4/ HTTP/1.1\r\nHost: \u25B8%e5\r\n\r\n")]
    [TestCase("GET http://[::1]/ HTTP/1.1\r\nHost: \u25B8[0::1]\r\n\r\n")]
    [TestCase("GET http://[::1]/ HTTP/1.1\r\nHost: \u25B8[::2]:80\r\n\r\n")]
    public void H13_an_authority_that_differs_from_Host_is_refused(string payload) =>
        Refused(payload, Rejection.AuthorityMismatch);

    [TestCase("GET \u25B8http:///p HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http://u@a/ HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http://a:x/ HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http://?q HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http://a|b/ HTTP/1.1\r\n" + Host)]
    [TestCase("GET \u25B8http://a^/?{ HTTP/1.1\r\n" + Host)]
    public void H13_H91_an_authority_is_a_host_and_a_port(string payload) =>
        Refused(payload, Rejection.AuthorityInvalid);

    [Test]
    public void H14_the_authority_form_is_for_CONNECT_only()
    {
        Refused("GET \u25B8a:80 HTTP/1.1\r\n" + Host, Rejection.TargetForm);
        Refused("CONNECT \u25B8a:80 HTTP/1.1\r\n" + Host, Rejection.ConnectUnsupported);
        Assert.That(RejectionTable.Get(Rejection.ConnectUnsupported).Status, Is.EqualTo(501));
    }

    [Test]
    public void H15_the_asterisk_is_for_OPTIONS_only()
    {
        RequestTrace trace = Parse("OPTIONS * HTTP/1.1\r\n" + Host);
        Assert.That(trace.Form, Is.EqualTo(TargetForm.Asterisk));
        Assert.That(trace.Path, Is.EqualTo("*"));
        Refused("GET \u25B8* HTTP/1.1\r\n" + Host, Rejection.TargetForm);
        Refused("OPTIONS \u25B8*a HTTP/1.1\r\n" + Host, Rejection.TargetForm);
    }

    [Test]
    public void H15_an_absolute_OPTIONS_without_a_path_means_the_server()
    {
        RequestTrace trace = Parse("OPTIONS http://a HTTP/1.1\r\n" + Host);
        Assert.That(trace.Form, Is.EqualTo(TargetForm.Asterisk));
        Assert.That(trace.Path, Is.EqualTo("*"));
        Assert.That(Parse("OPTIONS http://a/ HTTP/1.1\r\n" + Host).Path, Is.EqualTo("/"));
    }

    [TestCase("a")]
    [TestCase("a:")]
    [TestCase("a:0")]
    [TestCase("a:65536")]
    [TestCase("a:8O")]
    [TestCase(":80")]
    [TestCase("/")]
    [TestCase("u@a:80")]
    [TestCase("http://a/")]
    public void H16_CONNECT_needs_a_host_and_a_port(string target) =>
        Refused($"CONNECT \u25B8{target} HTTP/1.1\r\n{Host}", Rejection.AuthorityInvalid);

    [TestCase("HTTP/1.1\u25B80\r\n")]
    [TestCase("HTTP/0\u25B81.1\r\n")]
    [TestCase("HTTP/1.3\u25B82\r\n")]
    [TestCase("HTTP/4\u25B8294967295.255\r\n")]
    [TestCase("HTTP/\u25B8\r\r1.1\r\n")]
    [TestCase("\u25B8http/1.1\r\n")]
    [TestCase("HTTP\u25B8 /1.1\r\n", Rejection.RequestLineWhitespace)]
    [TestCase("HTTP/1\u25B8,1\r\n")]
    [TestCase("HTTP/1.\u25B8\r\n")]
    [TestCase("HTTP/\u25B8x.1\r\n")]
    [TestCase("HTTP/1.\u25B8\u00B2\r\n")]
    [TestCase("HTTP\u25B8S/1.1\r\n")]
    public void H17_a_version_is_HTTP_slash_digit_dot_digit(
        string version, Rejection reason = Rejection.VersionInvalid) =>
        Refused($"GET / {version}{Host}", reason);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(9)]
    public void H18_later_minor_versions_are_handled_as_1(int minor)
    {
        RequestTrace trace = Parse($"GET / HTTP/1.{minor}\r\n{Host}");
        Assert.That(trace.VersionMinor, Is.EqualTo(minor));
        Assert.That(trace.KeepAlive);
    }

    [TestCase("GET / HTTP/\u25B82.0\r\n" + Host)]
    [TestCase("GET / HTTP/\u25B80.9\r\n" + Host)]
    [TestCase("GET / HTTP/\u25B83.1\r\n" + Host)]
    [TestCase("PRI * HTTP/\u25B82.0\r\n\r\nSM\r\n\r\n")]
    public void H19_another_major_version_is_not_supported(string payload)
    {
        Refused(payload, Rejection.VersionUnsupported);
        Assert.That(RejectionTable.Get(Rejection.VersionUnsupported).Status, Is.EqualTo(505));
        Assert.That(RejectionTable.Get(Rejection.VersionUnsupported).Close);
    }

    [TestCase("GET /\u25B8\r\n")]
    [TestCase("GET\u25B8\r\n")]
    [TestCase("GET \u25B8\r\n")]
    public void H19_the_simple_request_of_09_is_refused(string payload) =>
        Refused(payload, Rejection.RequestLineIncomplete);

    [Test]
    public void H20_a_TLS_hello_is_named() =>
        Refused("\u25B8\u0016\u0003\u0001\u0002\0\u0001", Rejection.TlsHandshake);
}
