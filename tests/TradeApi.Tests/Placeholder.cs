namespace TradeApi.Tests;

public class Placeholder;
