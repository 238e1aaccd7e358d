// The host of an authority in normal form (RFC 3986 6.2.2), as routes of hosts compare it.
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Protocol;

public sealed class AuthorityTests
{
    [TestCase("", "")]
    [TestCase("api.example.com", "api.example.com")]
    [TestCase("API.Example.COM:8080", "api.example.com")]
    [TestCase("api.example.com:", "api.example.com")]
    [TestCase("api.example.com.", "api.example.com")]
    [TestCase("api.example.com.:80", "api.example.com")]
    [TestCase("api.example.com..", "api.example.com.")]
    [TestCase("%61pi%2Eexample.com%2e", "api.example.com")]
    [TestCase("%41%c3%a9", "a%C3%A9")]
    [TestCase("%2A.example.com", "%2A.example.com")]
    [TestCase("*.example.com", "*.example.com")]
    [TestCase("127.0.0.1:80", "127.0.0.1")]
    [TestCase("[::1]", "[::1]")]
    [TestCase("[2001:DB8::1]:443", "[2001:db8::1]")]
    [TestCase(".", "")]
    public void The_host_of_an_authority_has_a_normal_form(string authority, string host)
    {
        byte[] octets = Encoding.ASCII.GetBytes(authority);
        Assert.That(octets.Length == 0 || Authority.IsValid(octets, 0));
        var target = new char[octets.Length];
        Assert.That(target[..Authority.WriteHost(octets, target)], Is.EqualTo(host.ToCharArray()));
    }
}
