// The program of a user of the packages: a server in a Generic Host, which a client asks, the same
// application in a test server, and a schema of its document, which is read from types and
// attributes. It prints what the clients get, and the schema, and ends by itself.

using System.ComponentModel;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Http.OpenApi;
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
Console.WriteLine(OpenApiDocument.Create(tested, new OpenApiInfo("Greetings", "1"))
    .Root["components"]!["schemas"]!["SayingProverb"]!.ToJsonString());

static void AddRoutes(Application app)
{
    app.Get("/greetings/{name}", GreetingJson.Default.Greeting, request =>
        new Greeting($"hello, {request.MatchInfo["name"]}"));
    app.Put("/saying", GreetingJson.Default.Saying, (request, saying) => new Response(204));
}

internal sealed record Greeting(string Text);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Proverb), "proverb")]
internal abstract record Saying;

internal sealed record Proverb([Description("Its words.")] string Text) : Saying;

[JsonSerializable(typeof(Greeting))]
[JsonSerializable(typeof(Saying))]
internal sealed partial class GreetingJson : JsonSerializerContext;
