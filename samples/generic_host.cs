#!/usr/bin/env dotnet
#:project ../src/Reactor.Hosting/Reactor.Hosting.csproj
#:package Microsoft.Extensions.Hosting
// A server in a Generic Host: handlers get services, one scope for each request; the host has the
// configuration, the log and the signals. Ctrl+C ends it. The option --Server:Urls:0 or a file
// appsettings.json changes the address.
//
// Expected output:
//   Listening on 127.0.0.1:8000
//   Order 1 is closed.
//   Order 2 is closed.
//   The host has ended.
// Server: http://127.0.0.1:8000
// GET /orders/tea → order 1: tea
// GET /orders/nuts → order 2: nuts
// GET /orders → 2 orders
// GET /gold → 404 …
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Configuration["Server:Urls:0"] ??= "http://127.0.0.1:8000";
builder.Services.Configure<ReactorServerOptions>(builder.Configuration.GetSection("Server"));
builder.Services.AddSingleton<Numbers>();
builder.Services.AddScoped<Order>();
builder.Services.AddReactorServer(
    (app, services) =>
    {
        Numbers numbers = services.GetRequiredService<Numbers>(); // the same for all requests
        app.Get("/orders", _ => Response.Text($"{numbers.Last} orders"));
        app.Get("/orders/{item}", TakeOrder);
    },
    options => options.OnServing = servers =>
        Console.WriteLine($"Listening on {servers[0].EndPoints[0]}"));
await builder.Build().RunAsync();
Console.WriteLine("The host has ended.");

static async Coroutine<Response> TakeOrder(Request request)
{
    Order order = request.GetServices().GetRequiredService<Order>();
    return Response.Text($"order {order.Number}: {request.MatchInfo["item"]}");
}

// One for the whole program.
internal sealed class Numbers
{
    private int _last;

    public int Last => Volatile.Read(ref _last);

    public int Next() => Interlocked.Increment(ref _last);
}

// One for each request, which ends it.
internal sealed class Order(Numbers numbers) : IDisposable
{
    public int Number { get; } = numbers.Next();

    public void Dispose() => Console.WriteLine($"Order {Number} is closed.");
}
