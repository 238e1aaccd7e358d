using System.Net;
using System.Text.Json.Nodes;
using Reactor.Inspector;

namespace Inspector.Tests.Server;

/// <summary>Asks an inspector as the page does. The test's thread.</summary>
internal sealed class InspectorClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _token;

    public InspectorClient(int port, string token)
    {
        _token = token;
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = InspectedLoop.Hung,
        };
    }

    public JsonObject GetJson(string path)
    {
        (HttpStatusCode status, string text) = Get(path);
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), $"{path}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public (HttpStatusCode Status, string Text) Get(string path) => Send(HttpMethod.Get, path);

    public (HttpStatusCode Status, string Text) Post(string path) => Send(
        HttpMethod.Post, path, request => request.Headers.Add(InspectorGuard.PostHeader, "1"));

    /// <summary>A request with the token that the test may change.</summary>
    public (HttpStatusCode Status, string Text) Send(
        HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using HttpResponseMessage response = Respond(method, path, change);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return (response.StatusCode, reader.ReadToEnd());
    }

    public HttpResponseMessage Respond(
        HttpMethod method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(InspectorGuard.TokenHeader, _token);
        change?.Invoke(request);
        return _http.Send(request);
    }

    public void Dispose() => _http.Dispose();
}
