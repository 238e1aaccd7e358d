// The program of a user of the packages: a server in a Generic Host, which a client asks, and the
// same application in a test server. It prints what the clients get, and ends by itself.

using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Http.Testing;

var port = new TaskCompletionSource<int>();
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddReactorServer(
    (app, services) => AddRoutes(app),
    options =>
    {
        options.Urls.Add("http://127.0.0.1:0");
        options.OnServing = servers =>
            port.SetResult(((IPEndPoint)servers[0].EndPoints[0]).Port);
    });
using (IHost host = builder.Build())
{
    await host.StartAsync();
    using var client = new HttpClient();
    var server = new Uri($"http://127.0.0.1:{await port.Task}");
    Console.WriteLine(await client.GetStringAsync(new Uri(server, "/greetings/ann")));
    await host.StopAsync();
}

var tested = new Application();
AddRoutes(tested);
using var test = new TestServer(tested);
Console.WriteLine(test.CreateClient().Get("/greetings/bob").Text);

static void AddRoutes(Application app) => app.Get("/greetings/{name}", request => Response.Json(
    new Greeting($"hello, {request.MatchInfo["name"]}"), GreetingJson.Default.Greeting));

internal sealed record Greeting(string Text);

[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetingJson : JsonSerializerContext;
